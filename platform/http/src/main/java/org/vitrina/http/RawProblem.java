package org.vitrina.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import org.vitrina.core.ErrorCode;
import org.vitrina.runtime.trace.Traceparent;

/**
 * One problem as a whole answer, head and body as they are sent: for requests that Vert.x never sees. What is the same in
 * every such answer is written once, since a flood meets it thousands of times a second.
 */
final class RawProblem {
    /** Stand for the path and the trace while the text around them is made. */
    private static final String PATH = "/path-that-was-asked-for";

    private static final String TRACE = "id-of-the-trace";

    private final RequestIdMaker ids = new RequestIdMaker();
    private final String status;
    private final String fromIdToLength;
    private final String toPath;
    private final String fromPathToTrace;
    private final String fromTrace;

    RawProblem(Problems problems, ErrorCode code, String detail) {
        status = "HTTP/1.1 " + HttpResponseStatus.valueOf(code.status()) + "\r\n";
        fromIdToLength = "\r\ncontent-type: " + Admission.PROBLEM + "\r\n"
                + (code.status() == 503 ? Admission.RETRY_AFTER + ": " + Admission.ONE + "\r\n" : "")
                + Admission.CONTENT_TYPE_OPTIONS + ": " + Admission.NO_SNIFFING + "\r\ncontent-length: ";
        String problem = problems.json(code, detail, PATH, TRACE, List.of(), Map.of());
        int path = problem.indexOf(PATH);
        int trace = problem.indexOf(TRACE);
        toPath = "\r\n\r\n" + problem.substring(0, path);
        fromPathToTrace = problem.substring(path + PATH.length(), trace);
        fromTrace = problem.substring(trace + TRACE.length());
    }

    /** @param last whether the connection ends with this answer */
    String answer(HttpRequest request, boolean last) {
        String id = ids.echoOrNext(request.headers().get(Admission.REQUEST_ID));
        String path = Problems.quoted(path(request.uri()));
        String trace = Problems.quoted(
                RequestState.traceId(id, Traceparent.checked(request.headers().get(RequestIds.TRACEPARENT))));
        int body = toPath.length()
                - 4 // the blank line
                + ByteBufUtil.utf8Bytes(path)
                + fromPathToTrace.length()
                + trace.length()
                + fromTrace.length();
        return status
                + (last ? "connection: close\r\n" : "")
                + Admission.REQUEST_ID
                + ": "
                + id
                + fromIdToLength
                + body
                + toPath
                + path
                + fromPathToTrace
                + trace
                + fromTrace;
    }

    /** As Vert.x cuts it off a target that is a path. */
    private static String path(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }
}
