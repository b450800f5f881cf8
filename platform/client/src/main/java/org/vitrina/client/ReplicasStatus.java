package org.vitrina.client;

import java.util.List;
import org.vitrina.discovery.ReplicaStatus;

/**
 * The replicas of a dependency that the registry tells.
 *
 * @param ageSeconds for how long the registry has not said that they are these
 */
public record ReplicasStatus(String dependency, double ageSeconds, List<ReplicaStatus> replicas) {
    /** How many get no calls, or only those that no other can take. */
    public long notWell() {
        return replicas.stream().filter(each -> !each.state().equals("well")).count();
    }
}
