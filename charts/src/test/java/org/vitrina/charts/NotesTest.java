package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said after an install: commands that can be copied as they are. */
class NotesTest {
    @Test
    void givesTheNextCommands() {
        assertThat(Chart.ofVitrina().named("mine").notes())
                .contains("kubectl -n shop port-forward svc/mine-bff 9000:80")
                .contains("curl -s 'http://127.0.0.1:9000/products/all?user_id=1&limit=5'")
                .contains("helm -n shop test mine")
                .contains(
                        "kubectl -n shop logs -l app.kubernetes.io/instance=mine,app.kubernetes.io/component=migrations --all-containers --ignore-errors")
                .contains("kubectl -n shop delete pvc -l app.kubernetes.io/instance=mine");
    }

    @Test
    void warnsThatAuthenticationIsOff() {
        assertThat(Chart.ofVitrina().notes()).contains("WARNING: authentication is off");
        assertThat(Chart.ofCombination("open-network").notes()).contains("Network policies are off too");
    }

    @Test
    void warnsOfANodePortThatPoliciesClose() {
        assertThat(Chart.ofVitrina().with("services.bff.service.type=NodePort").notes())
                .contains("WARNING: Service vitrina-bff is a NodePort")
                .contains("services.bff.networkPolicy.from");
        assertThat(Chart.ofCombination("node-port").notes()).doesNotContain("NodePort");
    }

    @Test
    void saysThatATestThatFailedStays() {
        assertThat(Chart.ofVitrina().named("mine").notes())
                .contains(
                        "kubectl -n shop delete pod -l app.kubernetes.io/instance=mine,app.kubernetes.io/component=test");
    }

    @Test
    void saysNothingOfADatabaseThatIsNotItsOwn() {
        assertThat(Chart.ofCombination("external-postgres").notes()).doesNotContain("pvc");
    }
}
