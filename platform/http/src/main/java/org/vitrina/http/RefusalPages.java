package org.vitrina.http;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;

/**
 * What a browser is shown in place of a problem that is answered before any route: at most one bean, in a service that has
 * pages. It is asked on the event loop, also in a flood.
 */
public interface RefusalPages {
    /** Whether who sends these two headers may be shown a page; cheap, and rather too often true than too seldom. */
    boolean mayTake(@Nullable String accept, @Nullable String fetchMode);

    /**
     * The page's HTML, and its headers put to the answer but for status, type and length; null for a caller who is to get the
     * problem.
     */
    @Nullable
    String page(HttpServerRequest request, ErrorCode code);
}
