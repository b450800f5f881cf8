package org.vitrina.http.demo;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.http.RefusalPages;

/** A page for who takes {@value #TYPE}. */
@Singleton
public class DemoPages implements RefusalPages {
    public static final String TYPE = "text/x-page";

    @Override
    public boolean mayTake(@Nullable String accept, @Nullable String fetchMode) {
        return TYPE.equals(accept);
    }

    @Override
    public @Nullable String page(HttpServerRequest request, ErrorCode code) {
        if (!mayTake(request.getHeader("Accept"), null)) {
            return null;
        }
        request.response().putHeader("X-Of-Page", "yes");
        return "<p>" + code.slug() + "</p>";
    }
}
