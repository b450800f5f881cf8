package org.vitrina.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.testing.BrokerResource;

@QuarkusTest
@WithTestResource(BrokerResource.class)
@WithTestResource(VersionsResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class RetrainingTest {
    Path versions;

    @Inject
    Retraining retraining;

    @Inject
    ModelService models;

    @AfterEach
    void back() {
        models.use(List.of(new Share("1", 1)), "test");
    }

    @Test
    void publishesWhatIsBetterOnHeldOutRows() throws IOException {
        String said = retraining.learn(rows(1.5, 20), Penalty.NONE);

        assertThat(said).startsWith("Version ").contains("is published");
        Share serving = models.served().choice().serving().getFirst();
        assertThat(serving.version()).isNotEqualTo("1");
        Artefact published = Pmml.read(Files.readString(versions.resolve(serving.version() + ".pmml")));
        assertThat(published.quality().data()).isEqualTo("held-out");
        assertThat(models.served().choice().previous()).isNotEmpty();
    }

    @Test
    void publishesNothingThatIsNotBetter() {
        List<String> before = List.copyOf(
                models.served().choice().serving().stream().map(Share::version).toList());

        assertThat(retraining.learn(rows(1, 0), Penalty.NONE)).contains("is not better and is not published");

        assertThat(models.served().choice().serving().stream().map(Share::version))
                .isEqualTo(before);
    }

    @Test
    void passesOverPairsWithoutBounds() {
        List<Double> features = Collections.nCopies(10, 1.0);
        assertThat(Retraining.row(new MetricsClient.Pair(1, 2, features))).isEqualTo(new TrainingRow(features, 2));
        assertThat(Retraining.row(new MetricsClient.Pair(1, 1.7e308, features))).isNull();
        assertThat(Retraining.row(new MetricsClient.Pair(1, 2, Collections.nCopies(10, 1.7e308))))
                .isNull();
        assertThat(Retraining.row(new MetricsClient.Pair(1, 2, null))).isNull();
    }

    @Test
    void learnsNothingOfAFewPairs() {
        assertThat(retraining.learn(rows(2, 0).subList(0, 60), Penalty.NONE)).contains("too few to learn from");
    }

    private static List<TrainingRow> rows(double factor, double more) {
        return Diabetes.rows().stream()
                .map(row -> new TrainingRow(row.features(), row.target() * factor + more))
                .toList();
    }
}
