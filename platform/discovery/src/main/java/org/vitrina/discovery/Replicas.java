package org.vitrina.discovery;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The replicas of one service, for whoever calls it. */
public final class Replicas {
    private final ReplicaList list;
    private final ReplicaBalancer balancer;
    private final @Nullable String version;

    Replicas(ReplicaList list, ReplicaBalancer balancer) {
        this(list, balancer, null);
    }

    private Replicas(ReplicaList list, ReplicaBalancer balancer, @Nullable String version) {
        this.list = list;
        this.balancer = balancer;
        this.version = version;
    }

    /** Those of them that are of this version; where there is none, none. */
    Replicas ofVersion(String only) {
        return new Replicas(list, balancer, only);
    }

    /**
     * The one for the next call; its begin and end are to be told.
     *
     * @param tried those that this call was made to already: another one is chosen as long as there is one
     * @param key what the same replica should answer, such as the path
     * @return null where none is known
     */
    public @Nullable Replica choose(Collection<Replica> tried, String key) {
        List<Replica> usable = ofVersion(list.usable());
        if (!tried.isEmpty()) {
            List<Replica> others =
                    usable.stream().filter(replica -> !tried.contains(replica)).collect(Collectors.toList());
            usable = others.isEmpty() ? usable : others;
        }
        return balancer.choose(usable, key);
    }

    private List<Replica> ofVersion(List<Replica> replicas) {
        return version == null
                ? replicas
                : replicas.stream()
                        .filter(replica -> replica.address().version().equals(version))
                        .toList();
    }

    /** Whether it is still listed. */
    public boolean has(Replica replica) {
        return list.all().contains(replica);
    }

    /** All that are listed, with those put aside. */
    public List<ReplicaStatus> status() {
        return list.all().stream().map(Replica::status).toList();
    }

    /** For how long the registry has not said that the list is so. */
    public Duration age() {
        return Duration.ofNanos(list.ageNanos());
    }

    public int count() {
        return list.all().size();
    }

    /** How many of them get no calls now. */
    public int putAside() {
        return list.all().size() - list.usable().size();
    }

    ReplicaList list() {
        return list;
    }
}
