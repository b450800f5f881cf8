package org.vitrina.discovery;

import io.smallrye.stork.api.LoadBalancer;
import io.smallrye.stork.api.NoServiceInstanceFoundException;
import io.smallrye.stork.api.ServiceInstance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a replica: of a version by the versions' shares, in the caller's zone as long as that has at least half of what the
 * largest zone has, none that has just failed if there is another, and among the rest as its {@link Kind} says. Thread-safe.
 */
final class ReplicaBalancer implements LoadBalancer {
    /** A replica has at most so many times its share of the calls under way ("Consistent Hashing with Bounded Loads", 2016). */
    private static final double BOUND = 1.25;

    private final Kind kind;
    private final @Nullable String zone;
    private final Map<String, Integer> versions;
    private final AtomicInteger turn = new AtomicInteger();

    /** How one of several that are equally near is chosen. */
    enum Kind {
        /** Of two chosen at random the one with fewer calls under way for its weight. */
        POWER_OF_TWO,
        /** One after the other; of smaller weight more seldom. */
        ROUND_ROBIN,
        /** Of two chosen at random the one that would answer first by what it took before; one never asked comes first. */
        LEAST_RESPONSE_TIME,
        /** The same for the same key as long as it is there and not much busier than others (highest random weight). */
        CONSISTENT_HASH;

        static Kind named(String name) {
            return valueOf(name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }
    }

    /** @param versions shares of calls by version; empty: all alike */
    ReplicaBalancer(Kind kind, @Nullable String zone, Map<String, Integer> versions) {
        this.kind = kind;
        this.zone = zone;
        this.versions = Map.copyOf(versions);
    }

    /** Reads {@code 1.0=90,1.1=10}. */
    static Map<String, Integer> shares(String text) {
        Map<String, Integer> shares = new HashMap<>();
        for (String one : text.split(",", -1)) {
            String[] parts = one.strip().split("=", -1);
            if (parts.length != 2 || !parts[1].matches("[0-9]{1,6}")) {
                throw new IllegalArgumentException("vitrina.discovery.versions must be versions with whole shares, such"
                        + " as 1.0=90,1.1=10; '" + one + "' is none.");
            }
            shares.put(parts[0], Integer.parseInt(parts[1]));
        }
        return shares;
    }

    @Override
    public ServiceInstance selectServiceInstance(Collection<ServiceInstance> instances) {
        List<Replica> replicas = new ArrayList<>();
        for (ServiceInstance instance : instances) {
            if (instance instanceof Replica replica) {
                replicas.add(replica);
            }
        }
        Replica chosen = choose(replicas, null);
        if (chosen == null) {
            throw new NoServiceInstanceFoundException("no replica is known");
        }
        return chosen;
    }

    @Override
    public boolean requiresStrictRecording() {
        return false;
    }

    /**
     * @param key what the same replica should answer, where the kind looks at it
     * @return null where there is none
     */
    @Nullable
    Replica choose(List<Replica> replicas, @Nullable String key) {
        List<Replica> left = only(replicas, replica -> replica.address().weight() > 0);
        left = only(ofOneVersion(left), replica -> !replica.hasJustFailed());
        left = near(left);
        if (left.isEmpty()) {
            return null;
        }
        if (left.size() == 1) {
            return left.getFirst();
        }
        return switch (kind) {
            case POWER_OF_TWO -> better(left, ReplicaBalancer::load);
            case LEAST_RESPONSE_TIME ->
                better(
                        left,
                        replica -> replica.expectedNanos() / replica.address().weight());
            case ROUND_ROBIN -> next(left);
            case CONSISTENT_HASH -> owner(left, key == null ? Long.toString(random().nextLong()) : key);
        };
    }

    private static ThreadLocalRandom random() {
        return ThreadLocalRandom.current();
    }

    /** Those that fit, or all where none does. */
    private static List<Replica> only(List<Replica> all, Predicate<Replica> fits) {
        int count = 0;
        for (Replica replica : all) {
            if (fits.test(replica)) {
                count++;
            }
        }
        return count == all.size() || count == 0
                ? all
                : all.stream().filter(fits).toList();
    }

    private List<Replica> ofOneVersion(List<Replica> all) {
        if (versions.isEmpty()) {
            return all;
        }
        Map<String, Integer> present = new HashMap<>();
        for (Replica replica : all) {
            Integer share = versions.get(replica.address().version());
            if (share != null && share > 0) {
                present.put(replica.address().version(), share);
            }
        }
        int sum = present.values().stream().mapToInt(Integer::intValue).sum();
        if (sum == 0) {
            return all;
        }
        int at = random().nextInt(sum);
        for (var version : present.entrySet()) {
            at -= version.getValue();
            if (at < 0) {
                return only(all, replica -> replica.address().version().equals(version.getKey()));
            }
        }
        return all;
    }

    /** Of the zone that has less than half of the largest one's, so many stay as it can bear; the others go to all. */
    private List<Replica> near(List<Replica> all) {
        if (zone == null) {
            return all;
        }
        Map<String, Integer> counts = new HashMap<>();
        int largest = 0;
        for (Replica replica : all) {
            largest = Math.max(largest, counts.merge(replica.address().zone(), 1, Integer::sum));
        }
        int own = counts.getOrDefault(zone, 0);
        if (own == 0 || (own * 2 < largest && random().nextInt(largest) >= own * 2)) {
            return all;
        }
        return only(all, replica -> replica.address().zone().equals(zone));
    }

    private interface Cost {
        double of(Replica replica);
    }

    private static double load(Replica replica) {
        return (replica.underWay() + 1.0) / replica.address().weight();
    }

    private static Replica better(List<Replica> all, Cost cost) {
        int first = random().nextInt(all.size());
        int second = random().nextInt(all.size() - 1);
        Replica one = all.get(first);
        Replica other = all.get(second < first ? second : second + 1);
        return cost.of(other) < cost.of(one) ? other : one;
    }

    private Replica next(List<Replica> all) {
        int heaviest = 1;
        for (Replica replica : all) {
            heaviest = Math.max(heaviest, replica.address().weight());
        }
        while (true) {
            Replica replica = all.get(Math.floorMod(turn.getAndIncrement(), all.size()));
            int weight = replica.address().weight();
            if (weight >= heaviest || random().nextInt(heaviest) < weight) {
                return replica;
            }
        }
    }

    private static Replica owner(List<Replica> all, String key) {
        int underWay = 1;
        for (Replica replica : all) {
            underWay += replica.underWay();
        }
        double bound = Math.ceil(BOUND * underWay / all.size());
        Replica best = null;
        Replica bestOfAll = all.getFirst();
        double most = Double.NEGATIVE_INFINITY;
        double mostOfAll = Double.NEGATIVE_INFINITY;
        for (Replica replica : all) {
            double score = score(key, replica);
            if (score > mostOfAll) {
                mostOfAll = score;
                bestOfAll = replica;
            }
            if (score > most && replica.underWay() < bound) {
                most = score;
                best = replica;
            }
        }
        return best == null ? bestOfAll : best;
    }

    /** Weighted rendezvous hashing: the largest of -w / ln(h) has a share of the keys in proportion to its weight. */
    private static double score(String key, Replica replica) {
        long hash = mixed(key.hashCode() * 0x9E3779B97F4A7C15L
                ^ mixed(replica.address().id().hashCode()));
        double uniform = ((hash >>> 11) + 0.5) * 0x1.0p-53;
        return -replica.address().weight() / Math.log(uniform);
    }

    /** SplitMix64's finaliser. */
    private static long mixed(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
