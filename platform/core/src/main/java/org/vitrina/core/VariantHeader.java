package org.vitrina.core;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which variant of a service an experiment gives to the caller's user: {@code Vitrina-Variant: products/newest}. */
public final class VariantHeader {
    public static final String NAME = "Vitrina-Variant";

    private static final Pattern VARIANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private VariantHeader() {}

    /** The variant of this service that the header names; null where it names none. */
    public static @Nullable String of(String service, @Nullable String header) {
        if (header == null
                || !header.startsWith(service)
                || header.length() <= service.length()
                || header.charAt(service.length()) != '/') {
            return null;
        }
        String variant = header.substring(service.length() + 1);
        return VARIANT.matcher(variant).matches() ? variant : null;
    }
}
