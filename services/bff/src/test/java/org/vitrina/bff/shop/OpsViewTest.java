package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.bff.ops.FaultSwitches;
import org.vitrina.bff.ops.Replica;
import org.vitrina.bff.ops.ResilienceHistory;
import org.vitrina.bff.ops.ResilienceView;
import org.vitrina.bff.page.PageOutcomes;
import org.vitrina.cache.CacheStatus;
import org.vitrina.client.ReplicasStatus;
import org.vitrina.client.UpstreamStatus;
import org.vitrina.discovery.ReplicaStatus;

class OpsViewTest {
    private static final Visit VISIT = new Visit(3, "en", "/ops", null, false, "");

    private static UpstreamStatus service(String name, String breaker, long calls) {
        return new UpstreamStatus(name, breaker, calls, calls, 0, 0, 0, 0, 0, 0, 0, 10, 2, 9);
    }

    private static ReplicaStatus replica(String id, String state) {
        return new ReplicaStatus(id, "127.0.0.1:81", "", "", 100, state, 1, 0, 1);
    }

    private static ResilienceHistory.Sample sample(
            int second, long complete, long stale, List<FaultSwitches.On> faults, UpstreamStatus... services) {
        long nanos = Duration.ofSeconds(second).toNanos();
        var pages = new PageOutcomes.Counts(complete, 0, stale == 0 ? Map.of() : Map.of("stale", stale));
        var limit = new ResilienceView.Limit(64, 3, 2, 0);
        return new ResilienceHistory.Sample(
                nanos,
                new ResilienceView(
                        "one",
                        pages,
                        List.of(services),
                        List.of(new ReplicasStatus(
                                "cart", 0, List.of(replica("one", "well"), replica("two", "put-aside")))),
                        new CacheStatus("off", 0, 0, 0, 0, 0, false, List.of()),
                        limit),
                faults,
                List.of(
                        new Replica("one", nanos, pages, limit, List.of()),
                        new Replica("two", nanos, pages, limit, List.of("cart", "wallet"))));
    }

    private static OpsView view(ResilienceHistory.Sample... samples) {
        return OpsView.of(new ResilienceHistory.Past(List.of(samples), List.of()), VISIT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 20})
    void mapHasARowForEachServiceAndAllOfThemWithinIt(int count) {
        UpstreamStatus[] services = IntStream.range(0, count)
                .mapToObj(each -> service("s" + (char) ('z' - each), "closed", each))
                .toArray(UpstreamStatus[]::new);

        OpsView view = view(sample(0, 0, 0, List.of(), services));

        assertThat(view.services()).hasSize(count);
        assertThat(view.services()).extracting(OpsView.Service::name).isSorted();
        assertThat(view.services()).extracting(OpsView.Service::y).doesNotHaveDuplicates();
        assertThat(view.services()).allSatisfy(each -> assertThat(each.y() + 30).isLessThan(view.height()));
    }

    @Test
    void mapTellsTheReplicasOfWhatIsFoundByTheRegistry() {
        OpsView view = view(sample(0, 0, 0, List.of(), service("cart", "closed", 1), service("wallet", "closed", 1)));

        assertThat(view.services())
                .extracting(OpsView.Service::name, OpsView.Service::replicas, OpsView.Service::notWell)
                .containsExactly(tuple("cart", 2, 1L), tuple("wallet", 0, 0L));
    }

    @Test
    void pictureHasAColumnForEachSecondAndALaneForEachFaultAndOpenCircuit() {
        var fault = List.of(new FaultSwitches.On("cart", "hang", "/", 1, 0, 1000, 4));
        List<ResilienceHistory.Sample> samples = new ArrayList<>();
        samples.add(sample(0, 0, 0, List.of(), service("cart", "closed", 0)));
        samples.add(sample(1, 4, 0, fault, service("cart", "closed", 4)));
        samples.add(sample(2, 4, 2, fault, service("cart", "open", 6)));
        samples.add(sample(3, 8, 2, List.of(), service("cart", "closed", 10)));

        OpsView view = view(samples.toArray(ResilienceHistory.Sample[]::new));

        assertThat(view.timeline().most()).isEqualTo("4");
        assertThat(view.timeline().bars())
                .extracting(OpsView.Bar::tone, OpsView.Bar::x, OpsView.Bar::height)
                .containsExactly(
                        tuple("good", "702.0", "112.0"),
                        tuple("few", "708.0", "56.0"),
                        tuple("good", "714.0", "112.0"));
        assertThat(view.timeline().lanes())
                .extracting(OpsView.Lane::name, OpsView.Lane::fault, lane -> lane.bars()
                        .getFirst()
                        .width())
                .containsExactly(tuple("cart", true, "12.0"), tuple("cart", false, "6.0"));
        assertThat(view.mood()).isEqualTo("degraded");
        assertThat(view.got())
                .extracting(OpsView.Share::outcome, OpsView.Share::pages)
                .containsExactly(tuple("complete", 8L), tuple("degraded", 2L), tuple("failed", 0L));
    }

    @Test
    void replicasAreToldApartThisOneFirst() {
        OpsView view = view(sample(0, 0, 0, List.of()), sample(2, 10, 0, List.of()));

        assertThat(view.replicas())
                .containsExactly(
                        new OpsView.ReplicaLine("one", true, "complete", "5.0", 3, 64, 2, ""),
                        new OpsView.ReplicaLine("two", false, "complete", "5.0", 3, 64, 2, "cart, wallet"));
    }

    @Test
    void thereIsAPageBeforeTheFirstSample() {
        assertThat(OpsView.of(new ResilienceHistory.Past(List.of(), List.of()), VISIT))
                .satisfies(view -> assertThat(view.mood()).isEqualTo("quiet"))
                .satisfies(view -> assertThat(view.services()).isEmpty());
    }
}
