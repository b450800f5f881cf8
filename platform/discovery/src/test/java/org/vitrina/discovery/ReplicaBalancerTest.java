package org.vitrina.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrina.discovery.ReplicaBalancer.Kind;

/** Who is chosen how often. Shares are over many choices, with room on both sides. */
class ReplicaBalancerTest {
    private static final int MANY = 20_000;
    private static final Replica.Ejection EJECTION = new Replica.Ejection(5, TimeUnit.SECONDS.toNanos(1));

    private final AtomicLong now = new AtomicLong(1);
    private final ReplicaList list = new ReplicaList(EJECTION, now::get);

    private static Replica.Address address(String id, String zone, int weight, String version) {
        return new Replica.Address(id, "127.0.0.1", 81, zone, weight, version);
    }

    private static Replica.Address address(int number) {
        return address("r" + number, "", 100, "");
    }

    private List<Replica> replicas(int count) {
        list.told(
                IntStream.range(0, count).mapToObj(ReplicaBalancerTest::address).toList());
        return list.usable();
    }

    private static ReplicaBalancer balancer(Kind kind) {
        return new ReplicaBalancer(kind, null, Map.of());
    }

    private static String id(@Nullable Replica replica) {
        return replica == null ? "none" : replica.address().id();
    }

    private Map<String, Integer> chosen(ReplicaBalancer balancer, int times) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(id(balancer.choose(list.usable(), "key-" + i)), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void aCallForAVersionGoesToReplicasOfThatVersionOrToNone() {
        list.told(List.of(address("a", "", 100, "1"), address("b", "", 100, "2"), address("c", "", 100, "2")));
        Replicas all = new Replicas(list, balancer(Kind.ROUND_ROBIN));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            counts.merge(id(all.ofVersion("2").choose(List.of(), "key")), 1, Integer::sum);
        }

        assertThat(counts).containsOnlyKeys("b", "c").containsEntry("b", 50);
        assertThat(all.ofVersion("3").choose(List.of(), "key")).isNull();
    }

    private static void fail(Replica replica, int times) {
        for (int i = 0; i < times; i++) {
            replica.begin();
            replica.end(1, true);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void equalReplicasHaveEqualShares(Kind kind) {
        replicas(5);
        assertThat(chosen(balancer(kind), MANY)).hasSize(5).allSatisfy((id, count) -> assertThat(count)
                .isBetween(MANY / 5 * 8 / 10, MANY / 5 * 12 / 10));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneIsChosenAndNoneIsNobody(Kind kind) {
        assertThat(balancer(kind).choose(List.of(), "a")).isNull();
        assertThat(id(balancer(kind).choose(replicas(1), "a"))).isEqualTo("r0");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ROUND_ROBIN", "CONSISTENT_HASH"})
    void sharesFollowWeights(Kind kind) {
        list.told(List.of(address("light", "", 50, ""), address("heavy", "", 100, ""), address("off", "", 0, "")));
        Map<String, Integer> chosen = chosen(balancer(kind), MANY);
        assertThat(chosen).doesNotContainKey("off");
        assertThat(chosen.get("heavy")).isBetween(MANY * 60 / 100, MANY * 73 / 100);
    }

    @Test
    void whoHasMoreUnderWayIsChosenLess() {
        List<Replica> two = replicas(2);
        two.getFirst().begin();
        assertThat(chosen(balancer(Kind.POWER_OF_TWO), 100)).containsOnlyKeys("r1");
    }

    @Test
    void whoAnswersLaterIsChosenLess() {
        List<Replica> three = replicas(3);
        for (Replica replica : three) {
            replica.begin();
            replica.end(replica.address().id().equals("r0") ? 3_000_000 : 1_000_000, false);
        }
        Map<String, Integer> chosen = chosen(balancer(Kind.LEAST_RESPONSE_TIME), MANY);
        assertThat(chosen.getOrDefault("r0", 0)).isLessThanOrEqualTo(MANY / 3 / 2);
    }

    /** Else a replica whose first answer was slow, as those of fresh processes are, would have no other. */
    @Test
    void whoWasSlowOnceIsAskedAgainAfterAWhileAndThenAsAnyOther() {
        List<Replica> two = replicas(2);
        answers(two.getFirst(), 100_000_000);
        for (int second = 0; second < 60; second++) {
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            answers(two.getLast(), 1_000_000);
            if (id(balancer(Kind.LEAST_RESPONSE_TIME).choose(two, null)).equals("r0")) {
                answers(two.getFirst(), 1_000_000);
            }
        }
        assertThat(two.getFirst().status().averageMs()).isLessThan(3);
    }

    private static void answers(Replica replica, long nanos) {
        replica.begin();
        replica.end(nanos, false);
    }

    @Test
    void saysHowEachReplicaFares() {
        list.told(List.of(address("one", "west", 50, "1.1"), address("two", "", 100, "")));
        List<Replica> two = list.usable();
        answers(two.getFirst(), 2_500_000);
        fail(two.getFirst(), 1);
        fail(two.getLast(), 5);
        two.getFirst().recordStart(false);
        two.getLast().begin();
        assertThat(new Replicas(list, balancer(Kind.ROUND_ROBIN)).status())
                .containsExactly(
                        new ReplicaStatus("one", "127.0.0.1:81", "west", "1.1", 50, "doubted", 3, 0, 2.5),
                        new ReplicaStatus("two", "127.0.0.1:81", "", "", 100, "put-aside", 6, 1, 0));
    }

    @Test
    void aListThatIsKeptHasAnAge() {
        Replicas replicas = new Replicas(list, balancer(Kind.ROUND_ROBIN));
        replicas(2);
        now.addAndGet(TimeUnit.SECONDS.toNanos(7));
        assertThat(replicas.age()).isEqualTo(Duration.ofSeconds(7));
        list.confirmed();
        assertThat(replicas.age()).isZero();
    }

    @Test
    void aKeyStaysWhereItIsWhenTheRingChanges() {
        replicas(5);
        ReplicaBalancer balancer = balancer(Kind.CONSISTENT_HASH);
        Map<String, String> before = new HashMap<>();
        for (int i = 0; i < MANY; i++) {
            before.put("key-" + i, id(balancer.choose(list.usable(), "key-" + i)));
        }
        replicas(4);
        long moved = before.entrySet().stream()
                .filter(key -> !key.getValue().equals(id(balancer.choose(list.usable(), key.getKey()))))
                .count();
        assertThat(moved / (double) MANY).isLessThanOrEqualTo(1.0 / 5 + 0.05);
        assertThat(before.entrySet().stream()
                        .filter(key -> !key.getValue().equals("r4"))
                        .allMatch(key -> key.getValue().equals(id(balancer.choose(list.usable(), key.getKey())))))
                .as("only keys of the one that left move")
                .isTrue();
    }

    @Test
    void anOwnerThatIsMuchBusierThanOthersIsPassedOver() {
        List<Replica> all = replicas(4);
        ReplicaBalancer balancer = balancer(Kind.CONSISTENT_HASH);
        Replica owner = Objects.requireNonNull(balancer.choose(all, "hot"));
        for (int i = 0; i < 20; i++) {
            owner.begin();
        }
        assertThat(balancer.choose(all, "hot")).isNotSameAs(owner);
    }

    @Test
    void itsOwnZoneComesFirstAndSpillsOverWhenItHasLostMoreThanHalf() {
        List<Replica.Address> addresses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            addresses.add(address("w" + i, "west", 100, ""));
            addresses.add(address("e" + i, "east", 100, ""));
        }
        ReplicaBalancer balancer = new ReplicaBalancer(Kind.ROUND_ROBIN, "west", Map.of());
        list.told(addresses);
        assertThat(chosen(balancer, MANY).keySet()).allMatch(id -> id.startsWith("w"));

        list.told(addresses.stream().filter(one -> !one.id().matches("w[23]")).toList());
        assertThat(chosen(balancer, MANY).keySet()).allMatch(id -> id.startsWith("w"));

        list.told(addresses.stream().filter(one -> !one.id().matches("w[123]")).toList());
        assertThat(chosen(balancer, MANY)).hasSize(5);

        list.told(addresses.stream().filter(one -> one.zone().equals("east")).toList());
        assertThat(chosen(balancer, MANY)).hasSize(4);
    }

    @Test
    void versionsHaveTheirShares() {
        list.told(List.of(
                address("old1", "", 100, "1.0"), address("old2", "", 100, "1.0"), address("new", "", 100, "1.1")));
        ReplicaBalancer balancer =
                new ReplicaBalancer(Kind.POWER_OF_TWO, null, ReplicaBalancer.shares("1.0=90, 1.1=10"));
        assertThat(chosen(balancer, MANY).get("new")).isBetween(MANY * 8 / 100, MANY * 12 / 100);

        list.told(List.of(address("new", "", 100, "1.1")));
        assertThat(chosen(balancer, 10)).containsOnlyKeys("new");
        assertThatThrownBy(() -> ReplicaBalancer.shares("1.0")).hasMessageContaining("1.0=90,1.1=10");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whoHasJustFailedIsAskedAfterTheOthers(Kind kind) {
        List<Replica> three = replicas(3);
        fail(three.getFirst(), 1);
        assertThat(chosen(balancer(kind), 1000)).doesNotContainKey("r0");
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(chosen(balancer(kind), 1000)).containsKey("r0");
    }

    @Test
    void aTryGoesToAnotherReplicaAsLongAsThereIsOne() {
        List<Replica> two = replicas(2);
        Replicas replicas = new Replicas(list, balancer(Kind.POWER_OF_TWO));
        for (int i = 0; i < 100; i++) {
            assertThat(replicas.choose(List.of(two.getFirst()), "a")).isSameAs(two.getLast());
        }
        assertThat(replicas.choose(two, "a")).isNotNull();
    }

    @Test
    void isPutAsideAfterFailuresInARowForLongerEachTimeAndNeverMoreThanHalf() {
        List<Replica> four = replicas(4);
        fail(four.getFirst(), 4);
        assertThat(list.usable()).hasSize(4);
        fail(four.getFirst(), 1);
        assertThat(list.usable()).doesNotContain(four.getFirst()).hasSize(3);

        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1100));
        assertThat(list.usable()).hasSize(4);
        fail(four.getFirst(), 5);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1100));
        assertThat(list.usable()).hasSize(3);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1100));
        assertThat(list.usable()).hasSize(4);

        four.forEach(replica -> fail(replica, 5));
        assertThat(list.usable()).hasSize(2);
    }

    @Test
    void whatIsKnownOfAReplicaThatStaysIsKept() {
        List<Replica> before = replicas(2);
        List<Replica> after = replicas(3);
        assertThat(after.subList(0, 2)).containsExactlyElementsOf(before);
    }
}
