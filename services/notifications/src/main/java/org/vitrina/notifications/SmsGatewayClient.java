package org.vitrina.notifications;

import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reason;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * The guarded face of the SMS provider outside. Neither call ever fails: whatever happens is a {@link SendOutcome}, since
 * what matters is whether the provider may have the message. Nothing is tried again here; {@link Delivery} says what is.
 */
@Startup
@ApplicationScoped
class SmsGatewayClient {
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int BAD_REQUEST = 400;
    private static final int MISSING = 404;
    private static final int NO_SUCH_METHOD = 405;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_EARLY = 425;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int UNAVAILABLE = 503;
    private static final int LONGEST_PAUSE_ASKED = 60;

    private static final String SMS = "/sms";
    private static final Map<String, String> JSON_WANTED = Map.of("Accept", "application/json");
    private static final SendOutcome NOT_FOUND =
            new SendOutcome.Unknown("the provider answered a question with 404", false);
    private static final SendOutcome CANNOT_BE_ASKED = new SendOutcome.Unknown(
            "the provider answers 404 also for a message that it accepted: it cannot be asked by client_ref, so that"
                    + " vitrina.notifications.delivery must be at-least-once or at-most-once",
            false);

    private final HttpTransport http;
    private final Upstream gateway;
    private final Vertx vertx;
    private final Duration limit;

    SmsGatewayClient(Upstreams upstreams, Vertx vertx, NotificationsConfig config) {
        this.gateway = upstreams.upstream("sms-gateway", config.smsGateway());
        this.http = upstreams.transport(config.smsGateway());
        this.vertx = vertx;
        // asking, twice at most, and sending must be over while the message is still ours
        this.limit = config.lease().dividedBy(4);
    }

    /** Hands the message over, under a key by which the provider knows a repetition. */
    Uni<SendOutcome> send(Claimed message) {
        String id = message.eventId().toString();
        Buffer sms = new JsonObject()
                .put("to", message.phone())
                .put("text", message.text())
                .put("client_ref", id)
                .toBuffer();
        var headers = Map.of("Accept", "application/json", "Content-Type", "application/json", "Idempotency-Key", id);
        return outcome(HttpMethod.POST, SMS, headers, sms, SmsGatewayClient::judge, SmsGatewayClient::sent);
    }

    /**
     * Asks whether the provider has the message; {@link SendOutcome.Absent} if not. A 404 says that, or that there is no such
     * question: told apart by a message that it certainly has.
     *
     * @param accepted one that the provider has, where there is any
     */
    Uni<SendOutcome> ask(UUID eventId, Supplier<Uni<Optional<UUID>>> accepted) {
        return question(eventId)
                .chain(outcome -> NOT_FOUND.equals(outcome)
                        ? toldApart(accepted)
                        : Uni.createFrom().item(outcome));
    }

    private Uni<SendOutcome> toldApart(Supplier<Uni<Optional<UUID>>> accepted) {
        return accepted.get()
                .chain(known -> known.map(this::question)
                        .orElseGet(() -> Uni.createFrom().item(new SendOutcome.Absent())))
                .map(outcome -> switch (outcome) {
                    case SendOutcome.Accepted there -> new SendOutcome.Absent();
                    case SendOutcome.Unknown unknown when NOT_FOUND.equals(unknown) -> CANNOT_BE_ASKED;
                    default -> outcome;
                });
    }

    private Uni<SendOutcome> question(UUID eventId) {
        return outcome(HttpMethod.GET, of(eventId), JSON_WANTED, null, SmsGatewayClient::judge, SmsGatewayClient::told);
    }

    /**
     * Has the provider forget number and text; {@link SendOutcome.Accepted} when it has, {@link SendOutcome.Absent} where
     * it says that there is nothing, {@link SendOutcome.Refused} where it does not do such a thing.
     */
    Uni<SendOutcome> erase(UUID eventId) {
        return outcome(
                HttpMethod.DELETE,
                of(eventId),
                JSON_WANTED,
                null,
                SmsGatewayClient::judgeErasure,
                SmsGatewayClient::erased);
    }

    private static String of(UUID eventId) {
        return SMS + "?client_ref=" + eventId;
    }

    private Uni<SendOutcome> outcome(
            HttpMethod method,
            String path,
            Map<String, String> headers,
            @Nullable Buffer body,
            UnaryOperator<Reply> judge,
            Function<Reply, SendOutcome> meaning) {
        CallScope scope = CallScope.until(
                vertx,
                Deadline.in(limit),
                false,
                new CallScope.Carried(null, TraceSpan.current().traceparent()));
        GuardedCall<Reply> call = gateway.call(
                scope, own -> http.sendOutside(own, method, path, headers, body).map(judge));
        return guarded(call.onlyOnce()).map(meaning).onFailure().recoverWithItem(failure -> failed(failure, meaning));
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("sms-gateway")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    /** An answer that is a failure of the provider's, for the breaker; what it says is still needed. */
    private static final class Answered extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Reply reply;

        Answered(Reply reply) {
            super("status " + reply.status(), null, false, false);
            this.reply = reply;
        }
    }

    private static Reply judge(Reply reply) {
        if (reply.status() >= SERVER_ERROR) {
            throw new CallFailure.Retryable("status " + reply.status(), new Answered(reply));
        }
        return reply;
    }

    /** That it does not do such a thing is an answer, and no reason to send nothing any more. */
    private static Reply judgeErasure(Reply reply) {
        return reply.status() == NOT_IMPLEMENTED ? reply : judge(reply);
    }

    private static SendOutcome failed(Throwable failure, Function<Reply, SendOutcome> meaning) {
        if (failure.getCause() instanceof Answered answered) {
            return meaning.apply(answered.reply);
        }
        Reason reason = failure instanceof CallFailure known ? known.reason() : Reason.ERROR;
        if (reason == Reason.CIRCUIT_OPEN) {
            return new SendOutcome.Away("the provider has failed repeatedly and is given a pause", null);
        }
        if (reason == Reason.OVERLOADED) {
            return new SendOutcome.Away("too many calls to the provider are under way", null);
        }
        if (reason == Reason.TIMEOUT) {
            return new SendOutcome.Unknown("the provider did not answer in time", false);
        }
        return wasNotReached(failure)
                ? new SendOutcome.Away("the provider cannot be reached: " + failure.getMessage(), null)
                : new SendOutcome.Unknown("the connection broke: " + failure.getMessage(), false);
    }

    /** Nothing was written: there was no connection to write to. */
    private static boolean wasNotReached(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    private static SendOutcome sent(Reply reply) {
        int status = reply.status();
        if (status >= OK && status < MULTIPLE_CHOICES) {
            return accepted(reply.body());
        }
        String reason = "the provider answered " + status;
        if (status == TOO_MANY || status == UNAVAILABLE || status == TOO_EARLY) {
            return new SendOutcome.Away(reason, pause(reply.headers().get("Retry-After")));
        }
        if (status >= SERVER_ERROR || status == REQUEST_TIMEOUT || status < BAD_REQUEST) {
            return new SendOutcome.Unknown(reason, true);
        }
        return new SendOutcome.Refused(reason);
    }

    private static SendOutcome accepted(Buffer body) {
        try {
            return new SendOutcome.Accepted(String.valueOf(body.toJsonObject().getValue("id")));
        } catch (DecodeException e) {
            return new SendOutcome.Accepted("unnamed");
        }
    }

    private static SendOutcome told(Reply reply) {
        if (reply.status() == MISSING) {
            return NOT_FOUND;
        }
        if (reply.status() != OK) {
            return new SendOutcome.Unknown("the provider answered a question with " + reply.status(), false);
        }
        try {
            JsonArray messages = reply.body().toJsonArray();
            return messages.isEmpty()
                    ? new SendOutcome.Absent()
                    : new SendOutcome.Accepted(
                            String.valueOf(messages.getJsonObject(0).getValue("id")));
        } catch (DecodeException | ClassCastException e) {
            return new SendOutcome.Unknown("the provider's answer cannot be read", false);
        }
    }

    private static SendOutcome erased(Reply reply) {
        int status = reply.status();
        if (status >= OK && status < MULTIPLE_CHOICES) {
            return new SendOutcome.Accepted("erased");
        }
        if (status == MISSING) {
            return new SendOutcome.Absent();
        }
        String reason = "the provider answered " + status;
        return status == NO_SUCH_METHOD || status == NOT_IMPLEMENTED
                ? new SendOutcome.Refused(reason)
                : new SendOutcome.Away(reason, null);
    }

    private static @Nullable Duration pause(@Nullable String retryAfter) {
        if (retryAfter == null || !retryAfter.matches("[0-9]{1,5}")) {
            return null;
        }
        return Duration.ofSeconds(Math.min(LONGEST_PAUSE_ASKED, Integer.parseInt(retryAfter)));
    }
}
