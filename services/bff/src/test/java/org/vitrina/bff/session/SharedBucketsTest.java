package org.vitrina.bff.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedBucketsTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Map<String, Long> redis = new HashMap<>();
    private final SharedBuckets one = new SharedBuckets("user", 100, LONG);
    private final SharedBuckets two = new SharedBuckets("user", 100, LONG);

    private void share(SharedBuckets... replicas) {
        for (SharedBuckets replica : replicas) {
            replica.share((key, some, life, then) -> then.accept(redis.merge(key, some, Long::sum)));
        }
    }

    private static int take(SharedBuckets replica, String user, int wanted) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += replica.take(user).isConsumed() ? 1 : 0;
        }
        return taken;
    }

    @Test
    void whatIsTakenAtOneReplicaIsGoneAtTheOther() {
        take(one, "1", 1);
        take(two, "1", 1);
        share(one, two, one);
        take(one, "1", 60);
        share(one, two);

        assertThat(take(two, "1", 100)).isBetween(30, 39);
        // and others have all of theirs
        assertThat(take(two, "2", 100)).isEqualTo(100);
    }

    @Test
    void withoutTheOthersEachHasItsOwnLimit() {
        assertThat(take(one, "1", 150)).isEqualTo(100);
        assertThat(take(two, "1", 150)).isEqualTo(100);
    }

    @Test
    void aCountThatBeginsAnewTakesNothing() {
        take(one, "1", 50);
        share(one);
        redis.clear();
        take(one, "1", 1);
        share(one);

        assertThat(take(one, "1", 100)).isEqualTo(49);
    }

    @Test
    void whoComesToAReplicaForTheFirstTimeIsNotChargedForWhatIsLongRefilled() {
        redis.put("vitrina:limit:user:1", 1_000_000L);
        take(one, "1", 1);
        share(one);

        assertThat(take(one, "1", 100)).isEqualTo(99);
    }
}
