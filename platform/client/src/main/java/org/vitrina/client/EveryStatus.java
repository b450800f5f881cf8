package org.vitrina.client;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.ext.ResponseExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Leaves the judgement of a status to the guarded client: none becomes an exception inside the REST client. */
public final class EveryStatus implements ResponseExceptionMapper<RuntimeException> {
    @Override
    public boolean handles(int status, MultivaluedMap<String, Object> headers) {
        return false;
    }

    @Override
    public @Nullable RuntimeException toThrowable(Response response) {
        return null;
    }
}
