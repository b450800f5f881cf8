package org.vitrina.notifications;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.http.FakeService.Request;

/** A provider that knows idempotency keys and client_refs, and misbehaves towards a number as a test sets. */
final class FakeProvider {
    /** What happens with one message. */
    enum Fault {
        REFUSE,
        FAIL,
        BUSY,
        HANG,
        RESET,
        ACCEPT_THEN_HANG,
        ACCEPT_THEN_FAIL,
        ACCEPT_THEN_RESET,
        ACCEPT_THEN_BABBLE,
        ACCEPT_THEN_FLOOD
    }

    /** An accepted message. */
    record Accepted(String id, String key, String to, String text, String clientRef) {}

    static final int ERASES = 204;

    private final FakeService service = FakeService.answering(this::answer);
    private final List<Accepted> accepted = new CopyOnWriteArrayList<>();
    private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    private final Map<String, Fault> lasting = new ConcurrentHashMap<>();
    private final Map<String, List<Long>> requests = new ConcurrentHashMap<>();
    private volatile boolean away;
    private volatile boolean plain;
    private volatile boolean says404;
    private final Queue<String> erasures = new ConcurrentLinkedQueue<>();
    private volatile int erasureStatus = ERASES;
    private volatile int erasesBefore;

    String url() {
        return service.url().toString();
    }

    /** The next messages to the number meet these, one each. */
    void next(String phone, Fault... these) {
        faults.put(phone, new ConcurrentLinkedQueue<>(List.of(these)));
    }

    /** All messages to the number meet it, until {@code null}. */
    void always(String phone, @Nullable Fault fault) {
        if (fault == null) {
            lasting.remove(phone);
        } else {
            lasting.put(phone, fault);
        }
    }

    /** Takes nothing from anybody. */
    void away(boolean isAway) {
        this.away = isAway;
    }

    /** Knows neither keys nor questions. */
    void plain(boolean isPlain) {
        this.plain = isPlain;
    }

    /** Answers 404 where it has no message, as others answer an empty list. */
    void says404(boolean says) {
        this.says404 = says;
    }

    /** Answers that were broken off by who read them. */
    int brokenOff() {
        return service.cancelled();
    }

    /** The answer to erasures after so many; {@link #ERASES}: it does. */
    void erasures(int many, int status) {
        erasures.clear();
        erasesBefore = many;
        erasureStatus = status;
    }

    /** The events whose messages it was asked to erase, since {@link #erasures(int, int)}. */
    List<String> askedToErase() {
        return List.copyOf(erasures);
    }

    List<Accepted> acceptedFor(String phone) {
        return accepted.stream().filter(sms -> sms.to().equals(phone)).toList();
    }

    /** When messages to the number came, by {@link System#nanoTime}. */
    List<Long> timesOf(String phone) {
        return requests.getOrDefault(phone, List.of());
    }

    int requestsFor(String phone) {
        return timesOf(phone).size();
    }

    /** As if another process had handed it over and died. */
    void hasAccepted(String phone, UUID eventId) {
        accepted.add(new Accepted("earlier", eventId.toString(), phone, "text", eventId.toString()));
    }

    private Answer answer(Request request) {
        if (away) {
            return Answer.status(503);
        }
        return switch (request.method()) {
            case "POST" -> take(request);
            case "DELETE" -> erase(request);
            default -> tell(request);
        };
    }

    private Answer erase(Request request) {
        String reference = reference(request);
        erasures.add(reference);
        if (plain) {
            return Answer.status(404);
        }
        if (erasureStatus != ERASES && erasures.size() > erasesBefore) {
            return Answer.status(erasureStatus);
        }
        accepted.removeIf(sms -> sms.clientRef().equals(reference));
        return Answer.status(204);
    }

    private static String reference(Request request) {
        return URLDecoder.decode(request.target().substring(request.target().indexOf('=') + 1), StandardCharsets.UTF_8);
    }

    private Answer take(Request request) {
        var body = new JsonObject(request.body());
        String phone = body.getString("to");
        requests.computeIfAbsent(phone, first -> new CopyOnWriteArrayList<>()).add(System.nanoTime());
        Fault fault = lasting.get(phone);
        if (fault == null) {
            Queue<Fault> queue = faults.get(phone);
            fault = queue == null ? null : queue.poll();
        }
        return switch (fault) {
            case null -> accept(request, body);
            case REFUSE -> Answer.status(422);
            case FAIL -> Answer.status(500);
            case BUSY -> Answer.status(429);
            case HANG -> Answer.HANGS;
            case RESET -> Answer.RESETS;
            case ACCEPT_THEN_HANG -> acceptThen(request, body, Answer.HANGS);
            case ACCEPT_THEN_FAIL -> acceptThen(request, body, Answer.status(500));
            case ACCEPT_THEN_RESET -> acceptThen(request, body, Answer.RESETS);
            case ACCEPT_THEN_BABBLE -> acceptThen(request, body, Answer.json("[\"" + "x".repeat(70_000) + "\"]"));
            case ACCEPT_THEN_FLOOD -> acceptThen(request, body, Answer.FLOODS);
        };
    }

    private Answer acceptThen(Request request, JsonObject body, Answer then) {
        accept(request, body);
        return then;
    }

    private synchronized Answer accept(Request request, JsonObject body) {
        String key = String.valueOf(request.header("Idempotency-Key"));
        for (Accepted before : accepted) {
            if (!plain && before.key().equals(key)) {
                return Answer.json("{\"id\":\"" + before.id() + "\"}");
            }
        }
        var sms = new Accepted(
                "sms-" + (accepted.size() + 1),
                key,
                body.getString("to"),
                body.getString("text"),
                body.getString("client_ref"));
        accepted.add(sms);
        return Answer.of(201, Map.of("Content-Type", "application/json"), "{\"id\":\"" + sms.id() + "\"}");
    }

    private Answer tell(Request request) {
        if (plain) {
            return Answer.status(404);
        }
        String reference = reference(request);
        var found = new JsonArray();
        accepted.stream()
                .filter(sms -> sms.clientRef().equals(reference))
                .forEach(sms -> found.add(new JsonObject().put("id", sms.id())));
        return says404 && found.isEmpty() ? Answer.status(404) : Answer.json(found.encode());
    }
}
