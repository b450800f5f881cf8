package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong values fail with a sentence that names the key. */
class BadInputTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            servics.bff.replicas=3 | additional properties 'servics' not allowed
            services.bff.replica=3 | at '/services/bff': additional properties 'replica' not allowed
            services.Bff.replicas=3 | at '/services': additional properties 'Bff' not allowed
            defaults.probes.live.delay=3 | at '/defaults/probes/live': additional properties 'delay' not allowed
            services.bff.replicas=many | at '/services/bff/replicas': got string, want integer
            services.bff.replicas=-1 | at '/services/bff/replicas': minimum: got -1, want 0
            services.bff.cache.topology=redis | at '/services/bff/cache/topology': value must be one of 'off', 'memory', 'sidecar', 'sidecar-replica'
            services.bff.runAsUser=0 | at '/services/bff/runAsUser': minimum: got 0, want 1
            services.bff.url=stock | at '/services/bff/url': 'stock' does not match pattern
            services.cart.tmp.sizeLimit=9MB | at '/services/cart/tmp/sizeLimit': '9MB' does not match pattern
            services.cart.podDisruptionBudget.maxUnavailable=0 | at '/services/cart/podDisruptionBudget/maxUnavailable': minimum: got 0, want 1
            postgres.password=x | at '/postgres': additional properties 'password' not allowed
            rabbitmq.password=x | at '/rabbitmq': additional properties 'password' not allowed
            rabbitmq.storage.size=9MB | at '/rabbitmq/storage/size': '9MB' does not match pattern
            rabbitmq.external.virtualHost= | at '/rabbitmq/external/virtualHost': minLength: got 0, want 1
            rabbitmq.external.host=amqp://mq | at '/rabbitmq/external/host': 'amqp://mq' does not match pattern
            rabbitmq.external.host=mq | rabbitmq.external.host is set, but rabbitmq.enabled is true
            rabbitmq.image=null | at '/rabbitmq': missing property 'image'
            services.cart.broker.host=mq | at '/services/cart/broker': additional properties 'host' not allowed
            services.cart.broker.enabled=maybe | at '/services/cart/broker/enabled': got string, want boolean
            services.cart.standIn=maybe | at '/services/cart/standIn': got string, want boolean
            services.sms-gateway.enabled=false | services.notifications.calls names 'sms-gateway', but services.sms-gateway.enabled is false
            services.retraining.schedule=nightly | at '/services/retraining/schedule': 'nightly' does not match pattern
            services.cart.schedule=@daily | services.bff.calls names 'cart', which runs by services.cart.schedule and answers nobody
            services.bff.schedule=@daily | services.bff.smokeTest.path is set, but what runs by services.bff.schedule answers nobody
            services.rabbitmq.image.repository=x | services.rabbitmq: this name is the chart's own
            image.digest=x | at '/image': additional properties 'digest' not allowed
            services.bf.replicas=3 | services.bf.image.repository is missing
            services.postgres.image.repository=x | services.postgres: this name is the chart's own
            services.bff.calls[0]=reviews | services.bff.calls names 'reviews', which is no key of services
            services.cart.enabled=false | services.bff.calls names 'cart', but services.cart.enabled is false
            services.bff.service.sessionAffinity=Cookie | at '/services/bff/service/sessionAffinity': value must be one of 'None', 'ClientIP'
            services.bff.service.nodePort=30900 | services.bff.service.nodePort needs services.bff.service.type=NodePort
            services.products.database.readHost=replica | services.products.database.readHost is set, but postgres.enabled is true
            postgres.enabled=false | postgres.external.host is missing
            postgres.external.host=db | postgres.external.host is set, but postgres.enabled is true
            migrations.only=bff | migrations.only is 'bff', but the services with a database are: cart, favorites, inventory, metrics, notifications, orders, predictions, products, wallet
            services.closed.image.repository=x | services.closed: this name is the chart's own
            services.bff-pods.image.repository=x | services.bff-pods: this name is that of the pods of services.bff
            services.bff-management.image.repository=x | services.bff-management: this name is that of the management port of services.bff
            services.cart.podLabels.app\\.kubernetes\\.io/component=x | services.cart.podLabels: the label app.kubernetes.io/component is the chart's own
            ingress.enabled=true | edge.hosts is empty
            edge.hosts[0]=https://shop | at '/edge/hosts/0': 'https://shop' does not match pattern
            edge.path=shop | at '/edge/path': 'shop' does not match pattern
            commonLabels.app\\.kubernetes\\.io/name=x | commonLabels: the label app.kubernetes.io/name is the chart's own
            services.bff.service.port=9090 | services.bff.service.port is 9090, as ports.management
            services.bff.ports.management=8080 | services.bff.ports.management is 8080, as ports.http
            services.cart.url=http://stock:70000 | at '/services/cart/url': 'http://stock:70000' does not match pattern
            services.cart.url=http://stock/?page=1 | at '/services/cart/url': 'http://stock/?page=1' does not match pattern
            services.cart.networkPolicy.to[0].podSelector.matchLabels.a=b | services.cart.networkPolicy.to says where services.cart.url is, which is not set
            redis.maxMemory=80mb | redis.maxMemory is 80mb, for which redis.resources.limits.memory, 96Mi, is too small
            metrics.serviceMonitor.enabled=true | metrics.from is empty
            defaults.ports=null | at '/defaults': missing property 'ports'
            defaults.probes.live.path=null | at '/defaults/probes/live': missing property 'path'
            postgres.image.tag=null | at '/postgres/image': missing property 'tag'
            postgres.external.host=db:x | at '/postgres/external/host': 'db:x' does not match pattern
            services.cart.image.repository=https://x/cart | at '/services/cart/image/repository': 'https://x/cart' does not match pattern
            image.registry=https://mirror | at '/image/registry': 'https://mirror' does not match pattern
            image.tag=a b | at '/image/tag': 'a b' does not match pattern
            fullnameOverride=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | has 41 characters, but names allow 40
            """)
    void isRefusedBySentence(String setting, String sentence) {
        assertThatThrownBy(() -> Chart.ofVitrina().with(setting).text()).hasMessageContaining(sentence);
    }

    @Test
    void refusesCombinationsThatCannotBe() {
        assertThatThrownBy(() -> Chart.ofVitrina()
                        .with("postgres.enabled=false", "postgres.external.host=db")
                        .text())
                .hasMessageContaining("postgres.existingSecret is missing")
                .hasMessageContaining(
                        "cart-password, favorites-password, inventory-password, metrics-password, notifications-password, orders-password, predictions-password, products-password, wallet-password");
        Chart brokerElsewhere = Chart.ofVitrina().with("rabbitmq.enabled=false", "services.cart.broker.enabled=true");
        assertThatThrownBy(brokerElsewhere::text)
                .hasMessageContaining(
                        "rabbitmq.external.host is missing: with rabbitmq.enabled=false name the RabbitMQ for cart, features, metrics, model, notifications, orders, predictions, products");
        assertThatThrownBy(brokerElsewhere.with("rabbitmq.external.host=mq")::text)
                .hasMessageContaining(
                        "rabbitmq.existingSecret is missing: with rabbitmq.enabled=false name a Secret with the keys rabbitmq-password");
        assertThatThrownBy(() -> Chart.ofVitrina()
                        .with("services.bff.autoscaling.enabled=true", "services.bff.autoscaling.minReplicas=9")
                        .text())
                .hasMessageContaining("services.bff.autoscaling.minReplicas is 9, more than maxReplicas, 6");
        assertThatThrownBy(() -> Chart.ofCombination("retraining")
                        .with("services.retraining.autoscaling.enabled=true")
                        .text())
                .hasMessageContaining(
                        "services.retraining.autoscaling.enabled is true, but services.retraining.schedule says");
        assertThatThrownBy(() -> Chart.ofVitrina()
                        .with("services.cart.autoscaling.enabled=true", "services.cart.url=http://cart")
                        .text())
                .hasMessageContaining("services.cart.autoscaling.enabled is true, but services.cart.url says");
    }

    @Test
    void refusesANameThatNoServiceMayHave() {
        for (String release : List.of("1shop", "shop.front")) {
            assertThatThrownBy(() -> Chart.ofVitrina().named(release).text())
                    .hasMessageContaining("fullnameOverride: '" + release + "' cannot begin the names of Services");
            Manifests manifests = Chart.ofVitrina()
                    .named(release)
                    .with("fullnameOverride=shop")
                    .manifests();
            assertThat(manifests.podOf("cart").metadata().at("/labels/app.kubernetes.io~1instance"))
                    .isEqualTo(TextNode.valueOf(release));
        }
    }

    @Test
    void refusesADatabaseWhoseChangeLogNobodyHas() {
        Chart chart = Chart.ofVitrina()
                .with("services.reviews.image.repository=shop/reviews", "services.reviews.database.enabled=true");
        assertThatThrownBy(chart::text).hasMessageContaining("services.reviews.migrations.image.repository is missing");
        assertThat(chart.with("services.reviews.migrations.image.repository=shop/reviews-migrations")
                        .text())
                .contains("shop/reviews-migrations:");
    }

    @Test
    void refusesAnInstallOfOneJobOrOfOneThatTakesBack() {
        for (String setting : List.of("migrations.only=cart", "migrations.command[0]=down")) {
            Chart chart = Chart.ofVitrina().with(setting);
            assertThat(chart.text()).contains("kind: Job");
            try (Cluster cluster = Cluster.with()) {
                assertThat(cluster).isNotNull();
                assertThatThrownBy(chart::text)
                        .hasMessageContaining("migrations.command and migrations.only are for `helm template");
            }
        }
    }

    @Test
    void refusesASecretThatIsNotThereOrLacksAKey() {
        Chart chart = Chart.ofCombination("existing-secret");
        try (Cluster cluster = Cluster.with()) {
            assertThat(cluster).isNotNull();
            assertThatThrownBy(chart::text)
                    .hasMessageContaining(
                            "postgres.existingSecret names 'vitrina-passwords', but namespace 'shop' has no such Secret");
        }
        JsonNode secret = Chart.YAML
                .createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .set("metadata", Chart.YAML.createObjectNode().put("name", "vitrina-passwords"));
        try (Cluster cluster = Cluster.with(secret)) {
            assertThat(cluster).isNotNull();
            assertThatThrownBy(chart::text)
                    .hasMessageContaining(
                            "postgres.existingSecret: Secret 'vitrina-passwords' lacks the key 'postgres-password'");
        }
    }

    @Test
    void refusesAServiceMonitorWhereNobodyKnowsIt() {
        try (Cluster cluster = Cluster.with()) {
            assertThat(cluster).isNotNull();
            assertThatThrownBy(() -> Chart.ofCombination("service-monitor").text())
                    .hasMessageContaining(
                            "metrics.serviceMonitor.enabled or observability.enabled is true, but this cluster knows no ServiceMonitor");
        }
    }

    @Test
    void refusesUnknownKeysOnEveryLevel() {
        List<String> open = new ArrayList<>();
        open("", Chart.read(Chart.FOLDER.resolve("values.schema.json")), open);
        // what only Kubernetes can judge
        assertThat(open).allMatch(path -> path.matches(".*/(global|affinity|behavior|items)"));
        assertThat(open).isNotEmpty();
    }

    private static void open(String path, JsonNode schema, List<String> found) {
        if (schema.path("type").asText().equals("object") && !schema.has("additionalProperties")) {
            found.add(path);
        }
        schema.properties().forEach(entry -> {
            if (entry.getValue().isObject()) {
                open(path + "/" + entry.getKey(), entry.getValue(), found);
            }
        });
    }
}
