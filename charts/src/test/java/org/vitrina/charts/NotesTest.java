package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said after an install: commands that can be copied as they are. */
class NotesTest {
    @Test
    void givesTheNextCommands() {
        assertThat(Chart.ofVitrina().named("mine").notes())
                .contains("kubectl -n shop port-forward svc/mine-bff 9000:80")
                .contains("curl -s 'http://127.0.0.1:9000/products/all?limit=5'")
                .contains("Open the shop: http://127.0.0.1:9000/", "services.bff.hosts")
                .contains("helm -n shop test mine")
                .contains(
                        "kubectl -n shop logs -l app.kubernetes.io/instance=mine,app.kubernetes.io/component=migrations --all-containers --ignore-errors")
                .contains("kubectl -n shop delete pvc -l app.kubernetes.io/instance=mine");
    }

    @Test
    void warnsOfWhoMayBeAnybody() {
        assertThat(Chart.ofVitrina().notes())
                .contains("WARNING: authentication is demo", "Not for production", "auth.mode=oidc")
                .contains("Secret\nvitrina-identity");
        assertThat(Chart.ofVitrina().with("auth.mode=off").notes())
                .contains("WARNING: authentication is off")
                .doesNotContain("Sign in");
        assertThat(Chart.ofCombination("oidc").notes())
                .contains("Callers are who https://login.example.com")
                .doesNotContain("authentication is");
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
    void saysNothingOfADatabaseOrBrokerThatIsNotItsOwn() {
        assertThat(Chart.ofVitrina().notes())
                .contains("PostgreSQL runs in one pod")
                .contains("RabbitMQ runs in one pod")
                .contains("everything but their volumes");
        Chart brokerOnly = Chart.ofCombination("external-postgres");
        assertThat(brokerOnly.notes())
                .doesNotContain("PostgreSQL runs")
                .contains(
                        "RabbitMQ runs in one pod with one volume: for a first try, not for production (rabbitmq.external)")
                .contains("everything but its volume; the data goes with");
        Chart neither = brokerOnly.with(Chart.FOLDER.resolve("ci/external-rabbitmq-values.yaml"));
        assertThat(neither.notes()).doesNotContain("pvc");
    }

    @Test
    void warnsOfAStandIn() {
        assertThat(Chart.ofVitrina().notes())
                .contains(
                        "WARNING: sms-gateway is a stand-in, and nothing leaves it: services.sms-gateway.url names the real one.");
        assertThat(Chart.ofCombination("sms-provider").notes()).doesNotContain("stand-in");
    }
}
