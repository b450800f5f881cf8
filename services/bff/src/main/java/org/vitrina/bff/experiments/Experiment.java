package org.vitrina.bff.experiments;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which users are served by which release of a service, and until when.
 *
 * @param service a dependency of the BFF
 * @param shares of users in percent by variant, 100 together; {@value #USUAL} is the usual release
 * @param begun since when it counts: shares may change meanwhile
 * @param until after which everybody has the usual release
 * @param stopped why everybody has it already; null while it runs
 */
@RegisterForReflection // in Redis, read and written by hand
public record Experiment(
        String name,
        String service,
        SortedMap<String, Integer> shares,
        Instant begun,
        Instant until,
        @Nullable String stopped,
        Guard guard) {
    /** The variant that everybody has who is in no experiment. */
    public static final String USUAL = "default";

    private static final int PLACES = 10_000;
    private static final int PLACES_A_PERCENT = PLACES / 100;

    public Experiment {
        shares = new TreeMap<>(shares);
    }

    /** How an experiment fares: {@code running}, {@code stopped} or {@code expired}. */
    String state(Instant now) {
        return stopped != null ? "stopped" : now.isBefore(until) ? "running" : "expired";
    }

    boolean isRunning(Instant now) {
        return stopped == null && now.isBefore(until);
    }

    Experiment stoppedBecause(String why) {
        return new Experiment(name, service, shares, begun, until, why, guard);
    }

    /** What its counts are kept under: one that begins anew counts anew. */
    String key() {
        return name + ":" + begun.toEpochMilli();
    }

    /**
     * The variant of a user: the same at each replica and after each restart, whatever other experiments give them. Where there is
     * one beside the usual release, more for it takes users from that alone.
     */
    String variantOf(int user) {
        int place = (int) Long.remainderUnsigned(ByteBuffer.wrap(digest(user)).getLong(), PLACES);
        for (Map.Entry<String, Integer> each : shares.entrySet()) {
            if (!each.getKey().equals(USUAL)) {
                place -= each.getValue() * PLACES_A_PERCENT;
                if (place < 0) {
                    return each.getKey();
                }
            }
        }
        return USUAL;
    }

    /** A user within this experiment, without their id. */
    String pseudonym(int user) {
        return HexFormat.of().formatHex(digest(user), Long.BYTES, 2 * Long.BYTES);
    }

    private byte[] digest(int user) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest((name + ":" + begun.toEpochMilli() + ":" + user).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
