package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceSpecTest {
    @Test
    void noTwoPartsSharePorts() {
        assertThat(Stream.concat(
                                ServiceSpec.ALL.stream()
                                        .flatMap(service -> Stream.of(service.httpPort(), service.managementPort())),
                                Stream.of(ServiceSpec.POSTGRES, ServiceSpec.REDIS, ServiceSpec.BROKER)
                                        .map(ServiceSpec::portOfServer))
                        .toList())
                .hasSize(2 * ServiceSpec.ALL.size() + 3)
                .doesNotHaveDuplicates();
    }

    @Test
    void whoIsCalledComesBeforeItsCallers() {
        List<String> before = new ArrayList<>();
        for (ServiceSpec service : ServiceSpec.ALL) {
            assertThat(before).as(service.name()).containsAll(service.calls());
            before.add(service.name());
        }
        assertThat(before).doesNotHaveDuplicates().endsWith("bff");
    }

    @Test
    void whatHandsMessagesOnHasABrokerAndNoDatabase() {
        assertThat(ServiceSpec.ALL.stream()
                        .filter(service -> service.hasBroker() && !service.hasDatabase())
                        .map(ServiceSpec::name))
                .containsExactlyInAnyOrder("model", "features");
    }

    @Test
    void filesOfServicesLieInTheFolderOfTheInstance() {
        assertThat(ServiceSpec.named("metrics").orElseThrow().files())
                .containsExactly(Map.entry("VITRINA_METRICS_LOG_FILE", "logs/labels_log.txt"));
        assertThat(ServiceSpec.named("model").orElseThrow().files())
                .containsExactly(Map.entry("VITRINA_MODEL_DIRECTORY", "models"));
        assertThat(ServiceSpec.named("bff").orElseThrow().files()).isEmpty();
    }
}
