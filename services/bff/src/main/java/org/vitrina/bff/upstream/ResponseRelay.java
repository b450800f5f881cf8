package org.vitrina.bff.upstream;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.client.DependencyConfig;
import org.vitrina.client.Reply;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.RequestDeadline;

/** Hands a dependency's answer on to our caller: bodies as they are, refusals as problems of our own form. */
@ApplicationScoped
public class ResponseRelay {
    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};
    private static final String TYPE = "urn:vitrina:problem:";

    /** Members of a problem that are ours to say. */
    private static final Set<String> OWN = Set.of("type", "title", "status", "detail", "instance", "trace_id", "error");

    /** What versions, keys, pauses and the copies of caches ride on; Location and Link are made ours. */
    private static final List<String> HANDED_ON = List.of(
            "ETag",
            "Retry-After",
            "Idempotent-Replayed",
            "Cache-Control",
            "Age",
            "Cache-Status",
            RequestDeadline.EXCEEDED);

    private final ObjectMapper json;

    ResponseRelay(ObjectMapper json) {
        this.json = json;
    }

    /** A read handed through. */
    public Uni<RestResponse<byte[]>> read(String dependency, DependencyConfig config, Uni<Reply> reply) {
        return reply.onFailure()
                .transform(failure -> UpstreamProblems.read(dependency, failure, config))
                .map(answer -> response(answer, base(config)));
    }

    /** A write handed through. */
    public Uni<RestResponse<byte[]>> write(String dependency, DependencyConfig config, Uni<Reply> reply) {
        return reply.onFailure()
                .transform(failure -> UpstreamProblems.write(dependency, failure, config))
                .map(answer -> response(answer, base(config)));
    }

    private static String base(DependencyConfig config) {
        String path = config.url().getPath();
        return path == null ? "" : path.replaceFirst("/$", "");
    }

    private RestResponse<byte[]> response(Reply reply, String base) {
        if (reply.status() >= 400) {
            throw problem(reply, base);
        }
        byte[] body = reply.body().getBytes();
        var answer = RestResponse.ResponseBuilder.<byte[]>create(reply.status());
        if (body.length > 0) {
            answer.entity(body).header("Content-Type", "application/json");
        }
        headers(reply, base).forEach(answer::header);
        return answer.build();
    }

    private static Map<String, String> headers(Reply reply, String base) {
        Map<String, String> headers = new HashMap<>();
        for (String name : HANDED_ON) {
            String value = reply.headers().get(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        String location = reply.headers().get("Location");
        if (location != null) {
            headers.put("Location", OwnPaths.location(location, base));
        }
        String link = reply.headers().get("Link");
        if (link != null) {
            headers.put("Link", OwnPaths.links(link, base));
        }
        return headers;
    }

    private ProblemException problem(Reply reply, String base) {
        Map<String, Object> told = members(reply);
        String type = String.valueOf(told.get("type"));
        String slug = type.startsWith(TYPE) ? type.substring(TYPE.length()) : "refused";
        Object title = told.get("title");
        Object detail = told.get("detail");
        Map<String, Object> extra = new LinkedHashMap<>(told);
        extra.keySet().removeAll(OWN);
        return new ProblemException(
                new ErrorCode(slug, reply.status(), false, title instanceof String text ? text : "Refused"),
                detail instanceof String text ? text : "The request was refused.",
                extra,
                headers(reply, base));
    }

    private Map<String, Object> members(Reply reply) {
        try {
            Map<String, Object> told = json.readValue(reply.body().getBytes(), MEMBERS);
            return told == null ? Map.of() : told;
        } catch (IOException notJson) {
            return Map.of();
        }
    }
}
