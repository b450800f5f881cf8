package org.vitrina.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;

/**
 * Whether a request's head says without doubt where the request ends and whom it is for (RFC 9112, 2.3, 3.2, 6.1 and 6.3).
 * One that does not is answered and its connection closed: whoever stands before us may have read it differently.
 */
final class Framing {
    /** As many header lines as a head may have: each costs an object, however short it is. */
    static final int MAX_LINES = 200;

    /** Why a request cannot be taken. */
    record Fault(ErrorCode code, String detail) {}

    private static final Fault LINE_TOO_LONG = fault(414, "The request line is longer than it may be.");
    static final Fault HEADERS_TOO_LARGE = fault(431, "The headers are larger than they may be.");
    static final Fault TOO_MANY_HEADERS = fault(431, "More than " + MAX_LINES + " header lines.");
    static final Fault BAD_CHUNK =
            fault(400, "The body is not in chunks as Transfer-Encoding says: a chunk begins with its size in hex.");
    static final Fault TOO_LATE = fault(408, Statuses.detail(Statuses.code(408)));
    static final Fault TOO_MUCH_HELD = new Fault(
            ErrorCode.OVERLOADED, "The requests that have not come whole hold all the memory there is for them.");
    private static final Fault MALFORMED = fault(400, "The request's head is malformed.");
    private static final Fault TARGET = fault(
            400, "The request's target is no URI: characters such as { and } are written as % and two hex digits.");
    private static final Fault TWO_LENGTHS = fault(400, "Content-Length and Transfer-Encoding exclude each other.");
    private static final Fault VERSION = fault(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    private static final Fault HOST =
            fault(400, "A request has exactly one Host header, with a host and nothing else.");
    private static final Fault CODING_OF_1_0 = fault(400, "HTTP/1.0 has no Transfer-Encoding.");
    private static final Fault NOT_CHUNKED =
            fault(400, "The last Transfer-Encoding of a request must be chunked, once.");
    private static final Fault CODING = fault(501, "The only Transfer-Encoding taken here is chunked.");

    private static final List<CharSequence> TOLD =
            List.of(Admission.REQUEST_ID, RequestIds.TRACEPARENT, HttpHeaderNames.ORIGIN, ForwardedPrefix.HEADER);

    private Framing() {}

    /** What is wrong with the head; null where nothing is. */
    static @Nullable Fault of(HttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            return undecodable(request.decoderResult().cause(), request);
        }
        boolean old = HttpVersion.HTTP_1_0.equals(request.protocolVersion());
        if (!old && !HttpVersion.HTTP_1_1.equals(request.protocolVersion())) {
            return VERSION;
        }
        int lines = 0;
        int hosts = 0;
        int codings = 0;
        CharSequence host = "";
        CharSequence coding = "";
        var headers = request.headers().iteratorCharSequence();
        while (headers.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = headers.next();
            lines++;
            if (HttpHeaderNames.HOST.contentEqualsIgnoreCase(header.getKey())) {
                hosts++;
                host = header.getValue();
            } else if (HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(header.getKey())) {
                codings++;
                coding = codings == 1 ? header.getValue() : coding + "," + header.getValue();
            }
        }
        if (lines > MAX_LINES) {
            return TOO_MANY_HEADERS;
        }
        if (hosts > 1 || (hosts == 0 && !old) || !isHost(host)) {
            return HOST;
        }
        if (!isUri(request.uri())) {
            return TARGET;
        }
        return codings == 0 ? null : ofCoding(coding.toString(), old);
    }

    private static @Nullable Fault ofCoding(String coding, boolean old) {
        if (old) {
            return CODING_OF_1_0;
        }
        if (HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
            return null;
        }
        String[] all = coding.split(",", -1);
        int chunked = 0;
        for (String each : all) {
            chunked += HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(each.strip()) ? 1 : 0;
        }
        boolean last = HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(all[all.length - 1].strip());
        return last && chunked == 1 && all.length > 1 ? CODING : NOT_CHUNKED;
    }

    private static Fault undecodable(Throwable cause, HttpRequest request) {
        if (cause instanceof TooLongHttpLineException) {
            return LINE_TOO_LONG;
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return HEADERS_TOO_LARGE;
        }
        return request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                        && request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                ? TWO_LENGTHS
                : MALFORMED;
    }

    /** A name or address with a port perhaps; an empty one is allowed (RFC 9112, 3.2). */
    private static boolean isHost(CharSequence host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c > '~' || c == '/' || c == '?' || c == '#' || c == '@' || c == '\\' || c == ',') {
                return false;
            }
        }
        return true;
    }

    /** Quarkus answers another with a bare 400 before any handler. */
    static boolean isUri(String target) {
        if (isPlainPath(target)) {
            return true;
        }
        try {
            var unused = new URI(target);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Whether it is a path, perhaps with a query, of characters that need no second look: nearly all are. */
    private static boolean isPlainPath(String target) {
        int length = target.length();
        if (length == 0 || target.charAt(0) != '/' || (length > 1 && target.charAt(1) == '/')) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = target.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= '?' && c <= 'Z')
                    || (c >= '&' && c <= ';')
                    || c == '='
                    || c == '_'
                    || c == '~';
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    /** What can be told of a request that is refused, in a form that whoever answers it can read; of nothing a GET of /. */
    static HttpRequest readable(@Nullable HttpRequest request) {
        HttpMethod method = request == null ? HttpMethod.GET : request.method();
        // the router answers what is no path itself, and lets the connection live
        String target = request == null ? "/" : request.uri();
        boolean path = target.startsWith("/") && isUri(target);
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, path ? target : "/");
        // no answer of ours tells it, and without one none gets to us
        head.headers().set(HttpHeaderNames.HOST, "unknown");
        if (request != null) {
            for (CharSequence name : TOLD) {
                head.headers().add(name, request.headers().getAll(name));
            }
        }
        return head;
    }

    private static Fault fault(int status, String detail) {
        return new Fault(Statuses.code(status), detail);
    }
}
