package org.vitrina.client;

import org.jspecify.annotations.Nullable;
import org.vitrina.core.VariantHeader;

/** One of several releases of a dependency, by which first tries for a caller are served; what is asked again goes to the usual one. */
public interface Release {
    /** Sent along as {@value #HEADER}; the releases of a dependency differ in it. */
    String HEADER = VariantHeader.NAME;

    /** {@code <dependency>/<variant>}; empty: the usual release. */
    String name();

    /** Where it listens; null: where the dependency usually does, which tells releases apart by {@value #HEADER}. */
    @Nullable
    HttpTransport elsewhere();

    /**
     * A first try has ended by this release, and not since its caller left.
     *
     * @param failed it brought no answer, or one of 5xx; or a second ask had an answer before it
     */
    void ended(long nanos, boolean failed);
}
