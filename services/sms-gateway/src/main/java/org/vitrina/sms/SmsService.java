package org.vitrina.sms;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.VertxTimer;

/** Accepts messages and answers questions, with the faults that are switched on. */
@ApplicationScoped
class SmsService {
    static final ErrorCode KEY_REUSED =
            new ErrorCode("idempotency-key-reused", 422, false, "The idempotency key belongs to another request");
    static final ErrorCode TOO_MANY = new ErrorCode("too-many-requests", 429, true, "Too many requests");
    static final ErrorCode NO_QUESTIONS = new ErrorCode("not-found", 404, false, "Not found");

    private final SmsStore store;
    private final FaultSwitch faults;
    private final Vertx vertx;

    SmsService(SmsStore store, FaultSwitch faults, Vertx vertx) {
        this.store = store;
        this.faults = faults;
        this.vertx = vertx;
    }

    Uni<SmsStore.Accepted> accept(@Nullable String key, NewSms asked) {
        return delayed(() -> {
            Faults set = faults.now();
            Uni<SmsStore.Accepted> accepted = Uni.createFrom()
                    .deferred(() -> store.accept(set.isPlain() ? null : key, asked))
                    .invoke(outcome -> {
                        if (outcome.before() && !outcome.sms().says(asked)) {
                            throw new ProblemException(KEY_REUSED, "This key came with another message before.");
                        }
                    });
            return switch (faults.forMessage(asked.to())) {
                case null -> accepted;
                case FAIL -> refused(set);
                case TOO_MANY -> tooMany();
                case HANG -> Uni.createFrom().nothing();
                case ACCEPT_THEN_HANG -> accepted.chain(() -> Uni.createFrom().nothing());
                case ACCEPT_THEN_FAIL -> accepted.chain(() -> refused(set));
            };
        });
    }

    Uni<List<Sms>> withClientRef(String clientRef) {
        return question(() -> store.withClientRef(clientRef));
    }

    /** Nothing of these messages stays; a provider that cannot be asked cannot be asked that either. */
    Uni<Void> erase(String clientRef) {
        return question(() -> clientRef).chain(store::erase);
    }

    /** For whoever looks at what arrived, faults or not. */
    Uni<List<Sms>> after(long position, int most) {
        return Uni.createFrom().item(() -> store.after(position, most));
    }

    private <T> Uni<T> question(Supplier<T> answer) {
        return delayed(() -> {
            Faults set = faults.now();
            if (set.isPlain()) {
                throw new ProblemException(NO_QUESTIONS, "This provider cannot be asked.");
            }
            return switch (faults.forQuestion()) {
                case null -> Uni.createFrom().item(answer);
                case FAIL, ACCEPT_THEN_FAIL -> refused(set);
                case TOO_MANY -> tooMany();
                case HANG, ACCEPT_THEN_HANG -> Uni.createFrom().nothing();
            };
        });
    }

    private static <T> Uni<T> refused(Faults set) {
        int status = set.status() == null ? 500 : set.status();
        return Uni.createFrom()
                .failure(new ProblemException(
                        new ErrorCode("switched-on", status, status >= 500, "Switched on"),
                        "This fault is switched on."));
    }

    private static <T> Uni<T> tooMany() {
        return Uni.createFrom()
                .failure(
                        new ProblemException(TOO_MANY, "This fault is switched on.").retryAfter(Duration.ofSeconds(1)));
    }

    private <T> Uni<T> delayed(Supplier<Uni<T>> work) {
        Integer delay = faults.now().delayMillis();
        if (delay == null || delay == 0) {
            return Uni.createFrom().deferred(work::get);
        }
        return VertxTimer.after(vertx, delay).chain(() -> work.get());
    }
}
