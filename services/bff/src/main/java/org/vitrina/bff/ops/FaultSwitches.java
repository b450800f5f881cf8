package org.vitrina.bff.ops;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** Reaches the switches for faults on trial at the management ports of the services, in each of their replicas. */
@Singleton
public class FaultSwitches {
    private static final String PATH = "/ops/faults";

    private final Map<String, URI> services;
    private final EachReplica http;

    FaultSwitches(EachReplica http, BffConfig config) {
        this.services = addresses(config.ops().services().orElse(""));
        this.http = http;
    }

    /** {@code name=url}, blanks between. */
    static Map<String, URI> addresses(String text) {
        Map<String, URI> addresses = new LinkedHashMap<>();
        for (String each : text.isBlank() ? new String[0] : text.strip().split("\\s+")) {
            int end = each.indexOf('=');
            URI address = URI.create(each.substring(end + 1));
            if (end < 1 || address.getHost() == null || address.getPort() < 0) {
                throw new IllegalArgumentException(
                        "vitrina.bff.ops.services must be name=url with a port, blanks between, not " + each);
            }
            addresses.put(each.substring(0, end), address);
        }
        return addresses;
    }

    /**
     * A fault that is on, or will be.
     *
     * @param what such as {@code hang} or {@code latency}
     * @param beginsInMillis 0 once it has begun
     */
    public record On(
            String service,
            String what,
            String route,
            double share,
            long beginsInMillis,
            long endsInMillis,
            long met) {}

    /** The services that may be told to misbehave; none where that cannot be tried. */
    public Set<String> services() {
        return services.keySet();
    }

    /** What is on in all services; nothing of one that does not tell. */
    public Uni<List<On>> all() {
        return Multi.createFrom()
                .iterable(services.keySet())
                .onItem()
                .transformToUniAndMerge(name -> ask(HttpMethod.GET, name, PATH, null)
                        .map(bodies -> read(name, bodies))
                        .onFailure()
                        .recoverWithItem(List.of()))
                .collect()
                .asList()
                .map(each -> each.stream().flatMap(List::stream).toList());
    }

    /** The same fault in several replicas is one that so many requests met. */
    private static List<On> read(String service, List<Buffer> bodies) {
        Map<String, On> found = new LinkedHashMap<>();
        for (Buffer body : bodies) {
            for (Object each : new JsonObject(body).getJsonArray("faults")) {
                JsonObject fault = (JsonObject) each;
                found.merge(fault.getString("id", ""), read(service, fault), FaultSwitches::together);
            }
        }
        return List.copyOf(found.values());
    }

    private static On read(String service, JsonObject fault) {
        return new On(
                service,
                fault.getString("kind", ""),
                fault.getString("route", "/"),
                fault.getDouble("share", 1.0),
                fault.getLong("begins_in_ms", 0L),
                fault.getLong("ends_in_ms", 0L),
                fault.getLong("met", 0L));
    }

    private static On together(On one, On other) {
        return new On(
                one.service(),
                one.what(),
                one.route(),
                one.share(),
                Math.min(one.beginsInMillis(), other.beginsInMillis()),
                Math.max(one.endsInMillis(), other.endsInMillis()),
                one.met() + other.met());
    }

    /**
     * Switches one on, in place of the one of the same id.
     *
     * @return fails with 400 where the service takes no such fault, 503 where it does not answer or knows no faults
     */
    public Uni<Void> set(String service, String id, JsonObject fault) {
        return ask(HttpMethod.PUT, service, PATH + "/" + id, fault.toBuffer()).replaceWithVoid();
    }

    /** Switches all of a service off. */
    public Uni<Void> end(String service) {
        return ask(HttpMethod.DELETE, service, PATH, null).replaceWithVoid();
    }

    /** What each of its replicas answered; fails unless all have done it. */
    private Uni<List<Buffer>> ask(HttpMethod method, String service, String path, @Nullable Buffer body) {
        URI address = services.get(service);
        if (address == null) {
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ErrorCode.BAD_REQUEST, "There is no service of this name that takes faults."));
        }
        return http.ask(method, address, path, body, null).map(answers -> judged(service, answers));
    }

    private static List<Buffer> judged(String service, List<EachReplica.Answer> answers) {
        for (EachReplica.Answer each : answers) {
            if (each.status() == EachReplica.Answer.NONE) {
                throw new ProblemException(
                        ErrorCode.UNAVAILABLE, "The management port of " + service + " does not answer.");
            }
            if (each.status() == 400) {
                throw new ProblemException(ErrorCode.BAD_REQUEST, "The service takes no such fault.");
            }
            if (!each.isGood()) {
                throw new ProblemException(ErrorCode.UNAVAILABLE, "The service takes no faults now.");
            }
        }
        return answers.stream().map(EachReplica.Answer::body).toList();
    }
}
