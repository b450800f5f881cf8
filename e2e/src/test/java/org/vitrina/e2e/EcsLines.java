package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What every line of a service's log must be with {@code vitrina.log=json}, whatever callers and faults did to it. */
public final class EcsLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> LEVELS =
            Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "FINE", "FINER", "FINEST", "CONFIG", "SEVERE");

    /** What a collector's index knows by type: of an event nothing else is searched. */
    private static final Set<String> INDEXED = indexed();

    /** Ids of a request, which the collector puts where the schema has them. */
    private static final Set<String> MOVED = Set.of("mdc", "ndc");

    private static final String BLOCKED_THREAD = "io.vertx.core.impl.BlockedThreadChecker";

    /** What the Java machine itself says, before our program has begun or beside it. */
    private static final Pattern OF_THE_JVM = Pattern.compile("OpenJDK |WARNING: |\\[[0-9.]+s]\\[");

    private EcsLines() {}

    /**
     * Each is one event of the Elastic Common Schema, and has nothing of these texts.
     *
     * @return how many of them have a request's id
     */
    public static int check(String service, List<String> lines, String... secrets) {
        int ofRequests = 0;
        for (String line : lines) {
            if (OF_THE_JVM.matcher(line).lookingAt()) {
                continue;
            }
            JsonNode event = parsed(service, line);
            Instant at = OffsetDateTime.parse(event.path("@timestamp").asText()).toInstant();
            assertThat(at).as(line).isAfter(Instant.EPOCH);
            assertThat(event.path("log.level").asText()).as(line).isIn(LEVELS);
            assertThat(event.path("ecs.version").asText()).as(line).isNotEmpty();
            assertThat(event.path("log.logger").isTextual()).as(line).isTrue();
            assertThat(event.path("message").isTextual()).as(line).isTrue();
            assertThat(line).as(service).doesNotContain(secrets);
            event.fieldNames().forEachRemaining(field -> {
                if (!MOVED.contains(field)) {
                    assertThat(INDEXED).as(line).contains(field);
                }
            });
            ofRequests += line.contains("http.request.id") ? 1 : 0;
        }
        return ofRequests;
    }

    /** What callers sent, and dependencies that are away, are foreseen: one line says it. A machine that stood still is not. */
    public static void withoutStackTraces(String service, List<String> lines) {
        assertThat(lines).as(service).noneMatch(line -> line.contains("stack_trace") && !line.contains(BLOCKED_THREAD));
    }

    private static Set<String> indexed() {
        try {
            JsonNode template = JSON.readTree(
                    Path.of("../k8s/observability/logs.template.json").toFile());
            Set<String> fields = new TreeSet<>();
            addFields(template.at("/template/mappings/properties"), "", fields);
            return fields;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addFields(JsonNode properties, String prefix, Set<String> fields) {
        properties.properties().forEach(field -> {
            String name = prefix + field.getKey();
            if (field.getValue().has("type")) {
                fields.add(name);
            }
            addFields(field.getValue().path("properties"), name + ".", fields);
        });
    }

    private static JsonNode parsed(String service, String line) {
        try {
            JsonNode event = JSON.readTree(line);
            assertThat(event.isObject()).as(line).isTrue();
            return event;
        } catch (JsonProcessingException e) {
            throw new AssertionError(service + " wrote a line that is no event: " + line, e);
        }
    }
}
