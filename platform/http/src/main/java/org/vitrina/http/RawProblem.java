package org.vitrina.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.runtime.trace.Traceparent;

/** Problems as whole answers, head and body as they are sent: for requests that Vert.x never sees. */
@Singleton
class RawProblem {
    private final Problems problems;
    private final RequestIdMaker ids = new RequestIdMaker();

    RawProblem(Problems problems) {
        this.problems = problems;
    }

    /** @param last whether the connection ends with this answer */
    String answer(HttpRequest request, ErrorCode code, String detail, boolean last) {
        String id = ids.echoOrNext(request.headers().get(Admission.REQUEST_ID));
        String problem = problems.json(
                code,
                detail,
                path(request.uri()),
                RequestState.traceId(id, traceparent(request.headers())),
                List.of(),
                Map.of());
        return "HTTP/1.1 " + HttpResponseStatus.valueOf(code.status()) + "\r\n"
                + (last ? "connection: close\r\n" : "") + Admission.REQUEST_ID + ": "
                + id + "\r\ncontent-type: " + Admission.PROBLEM + "\r\n"
                + (code.status() == 503 ? Admission.RETRY_AFTER + ": " + Admission.ONE + "\r\n" : "")
                + Admission.CONTENT_TYPE_OPTIONS + ": " + Admission.NO_SNIFFING + "\r\ncontent-length: "
                + ByteBufUtil.utf8Bytes(problem)
                + "\r\n\r\n" + problem;
    }

    private static @Nullable String traceparent(HttpHeaders headers) {
        String traceparent = headers.get(RequestIds.TRACEPARENT);
        return Traceparent.checked(traceparent);
    }

    /** As Vert.x cuts it off a target that is a path. */
    private static String path(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }
}
