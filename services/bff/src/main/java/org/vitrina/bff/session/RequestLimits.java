package org.vitrina.bff.session;

import io.github.bucket4j.ConsumptionProbe;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.vitrina.bff.SessionConfig;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * How many requests a user, or an address, may send in a window. Answers say what is left, as
 * draft-ietf-httpapi-ratelimit-headers-11 has it.
 */
@Singleton
class RequestLimits {
    private static final ErrorCode TOO_MANY = new ErrorCode("too-many-requests", 429, true, "Too many requests");

    private final SharedBuckets user;
    private final SharedBuckets address;
    private final SharedBuckets signIn;

    RequestLimits(SessionConfig config) {
        SessionConfig.LimitsConfig limits = config.limits();
        this.user = new SharedBuckets("user", limits.user(), limits.window());
        this.address = new SharedBuckets("address", limits.address(), limits.window());
        this.signIn = new SharedBuckets("sign-in", limits.signIn(), limits.window());
    }

    /** Those that are told to the other replicas. */
    List<SharedBuckets> all() {
        return List.of(user, address, signIn);
    }

    /** Counts a request of the user. */
    void ofUser(RoutingContext context, int id) {
        take(context, user, Integer.toString(id));
    }

    /** Counts a request from the address. */
    void ofAddress(RoutingContext context, String from) {
        take(context, address, from);
    }

    /** Counts an attempt to sign in. */
    void signIn(RoutingContext context, String from) {
        take(context, signIn, from);
    }

    private static void take(RoutingContext context, SharedBuckets buckets, String key) {
        if (!buckets.isOn()) {
            return;
        }
        ConsumptionProbe taken = buckets.take(key);
        HttpServerResponse answer = context.response();
        answer.putHeader("RateLimit-Policy", buckets.policy());
        if (taken.isConsumed()) {
            answer.putHeader(
                    "RateLimit",
                    "\"" + buckets.name() + "\";r=" + taken.getRemainingTokens() + ";t="
                            + seconds(taken.getNanosToWaitForReset()));
            return;
        }
        String wait = Long.toString(Math.max(1, seconds(taken.getNanosToWaitForRefill())));
        answer.putHeader("RateLimit", "\"" + buckets.name() + "\";r=0;t=" + wait);
        answer.putHeader("Retry-After", wait);
        throw new ProblemException(
                TOO_MANY,
                "More requests of this " + buckets.name() + " than " + buckets.most() + " in " + buckets.seconds()
                        + " s: try again in " + wait + " s.",
                Map.of(),
                Map.of("Retry-After", wait));
    }

    /** Upwards. */
    private static long seconds(long nanos) {
        return (nanos + 999_999_999) / 1_000_000_000;
    }
}
