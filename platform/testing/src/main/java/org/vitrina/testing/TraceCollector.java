package org.vitrina.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Takes traces as a collector does (OTLP over HTTP, protobuf), and remembers them. */
public final class TraceCollector implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Told> spans = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    /**
     * A span.
     *
     * @param parent empty where it has none
     * @param kind such as {@code SERVER}
     * @param attributes their values as text
     */
    public record Told(
            String service,
            String name,
            String kind,
            String trace,
            String id,
            String parent,
            boolean failed,
            Map<String, String> attributes) {}

    public TraceCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.setExecutor(threads);
        server.start();
    }

    /** What {@code vitrina.traces.url} is to be. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on it answers with this status, and keeps nothing unless that is 200. */
    public void answer(int otherStatus) {
        status = otherStatus;
    }

    /** All that were told, in the order in which they came. */
    public List<Told> all() {
        return List.copyOf(spans);
    }

    /** Those of one trace. */
    public List<Told> of(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    /** What a caller sends who wants its request to be recorded: a trace of its own. */
    public static String recordedTraceparent() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "00-%016x%016x-%016x-01".formatted(random.nextLong() | 1, random.nextLong(), random.nextLong() | 1);
    }

    /** What a caller sends who has decided that its request is not recorded. */
    public static String unrecordedTraceparent() {
        return recordedTraceparent().substring(0, 53) + "00";
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (status == 200) {
            ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(this::remember);
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void remember(ResourceSpans of) {
        String service = attributes(of.getResource().getAttributesList()).getOrDefault("service.name", "");
        of.getScopeSpansList().forEach(scope -> scope.getSpansList().forEach(span -> spans.add(told(service, span))));
    }

    private static Told told(String service, Span span) {
        return new Told(
                service,
                span.getName(),
                span.getKind().name().replace("SPAN_KIND_", ""),
                HEX.formatHex(span.getTraceId().toByteArray()),
                HEX.formatHex(span.getSpanId().toByteArray()),
                HEX.formatHex(span.getParentSpanId().toByteArray()),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                attributes(span.getAttributesList()));
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, one -> text(one.getValue())));
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case INT_VALUE -> Long.toString(value.getIntValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            default -> value.getStringValue();
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
