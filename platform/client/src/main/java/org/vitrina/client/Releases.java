package org.vitrina.client;

import org.jspecify.annotations.Nullable;

/** By which releases of its dependencies an answer is made. */
@FunctionalInterface
public interface Releases {
    /** By those that everybody has. */
    Releases USUAL = dependency -> null;

    /** Null: the usual one, and nobody counts. */
    @Nullable
    Release of(String dependency);

    /** The key of a copy of what the dependency says: another release may say something else. */
    default String key(String dependency, String key) {
        Release release = of(dependency);
        return release == null || release.name().isEmpty() ? key : release.name() + "|" + key;
    }
}
