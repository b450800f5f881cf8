package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the one template gives every service. */
class ServicesTest {
    private static final Manifests DEFAULT = Chart.ofVitrina().manifests();

    private static JsonNode deployment(Manifests manifests, String service) {
        return manifests.one("Deployment", "vitrina-" + service);
    }

    private static Map<String, String> environment(Manifests manifests, String service) {
        Map<String, String> environment = new TreeMap<>();
        Manifests.items(manifests.podOf(service).container(service).path("env"))
                .forEach(entry -> environment.put(
                        entry.path("name").asText(),
                        entry.path("value").asText(entry.path("valueFrom").toString())));
        return environment;
    }

    @Test
    void installsTheServicesTheirDatabaseAndTheirBroker() {
        assertThat(DEFAULT.ofKind("Deployment"))
                .extracting(Manifests::name)
                .containsExactlyInAnyOrderElementsOf(Chart.SERVICES.stream()
                        .map(service -> "vitrina-" + service)
                        .toList());
        assertThat(DEFAULT.ofKind("StatefulSet"))
                .extracting(Manifests::name)
                .containsExactlyInAnyOrder("vitrina-postgres", "vitrina-rabbitmq");
    }

    @Test
    void runsTwoPodsOfTheBffAndOneOfTheOthers() {
        assertThat(DEFAULT.ofKind("Deployment")).allSatisfy(deployment -> assertThat(
                        deployment.at("/spec/replicas").asInt())
                .isEqualTo(Manifests.name(deployment).equals("vitrina-bff") ? 2 : 1));
    }

    @Test
    void takesPodsOutOnlyWhenTheirSuccessorsAreReady() {
        assertThat(DEFAULT.ofKind("Deployment")).allSatisfy(deployment -> assertThat(
                        deployment.at("/spec/strategy/rollingUpdate").toString())
                .isEqualTo("{\"maxUnavailable\":0,\"maxSurge\":1}"));
    }

    @Test
    void leadsAnAddressToOnePodWhereItIsWanted() {
        assertThat(DEFAULT.one("Service", "vitrina-bff").path("spec").has("sessionAffinity"))
                .isFalse();
        JsonNode service = Chart.ofVitrina()
                .with(
                        "services.bff.service.sessionAffinity=ClientIP",
                        "services.bff.service.sessionAffinitySeconds=600")
                .manifests()
                .one("Service", "vitrina-bff")
                .path("spec");
        assertThat(service.path("sessionAffinity").asText()).isEqualTo("ClientIP");
        assertThat(service.at("/sessionAffinityConfig/clientIP/timeoutSeconds").asInt())
                .isEqualTo(600);
    }

    @Test
    void probesTheManagementPort() {
        for (JsonNode deployment : DEFAULT.ofKind("Deployment")) {
            JsonNode container = deployment.at("/spec/template/spec/containers/0");
            Map.of("startupProbe", "started", "livenessProbe", "live", "readinessProbe", "ready")
                    .forEach((probe, path) -> {
                        JsonNode get = container.path(probe).path("httpGet");
                        assertThat(get.path("path").asText()).isEqualTo("/q/health/" + path);
                        assertThat(get.path("port").asText()).isEqualTo("management");
                    });
            // liveness may not end what is only slow to start, so the start has its own probe and at least two minutes
            assertThat(container.at("/startupProbe/periodSeconds").asInt()
                            * container.at("/startupProbe/failureThreshold").asInt())
                    .isGreaterThanOrEqualTo(120);
        }
    }

    @Test
    void probesTheOnePortOfAServiceThatHasNoOther() {
        JsonNode container =
                Chart.ofCombination("own-service").manifests().podOf("reviews").container("reviews");
        assertThat(container.at("/readinessProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/readyz\",\"port\":\"http\"}");
        assertThat(container.path("ports")).hasSize(1);
    }

    @Test
    void givesTheDrainMoreTimeThanItTakes() {
        Manifests manifests = Chart.ofCombination("everything-else").manifests();
        assertThat(manifests
                        .podOf("cart")
                        .spec()
                        .path("terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(3 + 4 + 7);
        assertThat(environment(manifests, "cart"))
                .containsEntry("VITRINA_SHUTDOWN_DELAY", "3s")
                .containsEntry("VITRINA_SHUTDOWN_TIMEOUT", "4s");
        for (JsonNode deployment : DEFAULT.ofKind("Deployment")) {
            assertThat(deployment
                            .at("/spec/template/spec/terminationGracePeriodSeconds")
                            .asInt())
                    .isEqualTo(25);
        }
    }

    @Test
    void delaysTheSignalOfAnImageThatWouldEndAtOnce() {
        Manifests manifests =
                Chart.ofVitrina().with("services.cart.shutdown.preStop=true").manifests();
        assertThat(manifests
                        .podOf("cart")
                        .container("cart")
                        .at("/lifecycle/preStop/sleep/seconds")
                        .asInt())
                .isEqualTo(8);
        assertThat(environment(manifests, "cart")).containsEntry("VITRINA_SHUTDOWN_DELAY", "0s");
        assertThat(manifests.podOf("bff").container("bff").has("lifecycle")).isFalse();
    }

    @Test
    void keepsThePodsThereAreWhenAutoscalingIsTurnedOn() {
        Chart chart = Chart.ofCombination("autoscaling");
        JsonNode running = deployment(DEFAULT, "bff");
        try (Cluster cluster = Cluster.with(running)) {
            assertThat(cluster).isNotNull();
            assertThat(deployment(chart.manifests(), "bff").at("/spec/replicas").asInt())
                    .isEqualTo(2);
        }
        assertThat(deployment(chart.manifests(), "bff").path("spec").has("replicas"))
                .isFalse();
    }

    @Test
    void tellsEachServiceWhereItsCalleesAre() {
        assertThat(environment(DEFAULT, "bff"))
                .containsEntry("VITRINA_BFF_PRODUCTS_URL", "http://vitrina-products")
                .containsEntry("VITRINA_BFF_INVENTORY_URL", "http://vitrina-inventory")
                .containsEntry("VITRINA_BFF_FAVORITES_URL", "http://vitrina-favorites")
                .containsEntry("VITRINA_BFF_CART_URL", "http://vitrina-cart")
                .containsEntry("VITRINA_BFF_PREDICTIONS_URL", "http://vitrina-predictions");
        Manifests elsewhere = Chart.ofCombination("external-service").manifests();
        assertThat(environment(elsewhere, "bff"))
                .containsEntry("VITRINA_BFF_INVENTORY_URL", "https://stock.example.com")
                .containsEntry("VITRINA_BFF_FAVORITES_URL", "http://10.1.2.3:8088");
        assertThat(elsewhere.all())
                .noneMatch(manifest -> Manifests.name(manifest).contains("inventory"));
    }

    @Test
    void takesAProviderElsewhereInPlaceOfTheStandIn() {
        assertThat(environment(DEFAULT, "notifications"))
                .containsEntry("VITRINA_NOTIFICATIONS_SMS_GATEWAY_URL", "http://vitrina-sms-gateway");
        Manifests manifests = Chart.ofCombination("sms-provider").manifests();
        assertThat(environment(manifests, "notifications"))
                .containsEntry("VITRINA_NOTIFICATIONS_SMS_GATEWAY_URL", "https://sms.example.com/v1");
        assertThat(manifests.all())
                .noneMatch(manifest -> Manifests.name(manifest).contains("sms"));
    }

    @Test
    void setsNoVariableThatNoServiceReads() throws IOException {
        String documented = Files.readString(Chart.ROOT.resolve("docs/configuration.md"));
        for (JsonNode deployment : DEFAULT.ofKind("Deployment")) {
            assertThat(Manifests.items(deployment.at("/spec/template/spec/containers/0/env")))
                    .extracting(entry -> entry.path("name").asText())
                    .filteredOn(name -> name.startsWith("VITRINA_"))
                    .isNotEmpty()
                    .allMatch(name -> documented.contains("`" + name + "`"));
        }
    }

    @Test
    void installsWhatDescribesItself() {
        assertThat(Chart.ofVitrina().values().path("services").properties().stream()
                        .filter(service -> service.getValue().path("enabled").asBoolean(true))
                        .map(Map.Entry::getKey))
                .as("'services' of charts/vitrina/values.yaml against the folders with a service.yaml")
                .containsExactlyInAnyOrderElementsOf(Chart.SERVICES);
    }

    @ParameterizedTest
    @MethodSource("services")
    void callsWhatTheLocalRunCalls(String service) {
        JsonNode value = Chart.ofVitrina().values().path("services").path(service);
        JsonNode description = Chart.description(service);
        List<String> uses = Manifests.texts(description.path("uses"));
        assertThat(value.at("/database/enabled").asBoolean())
                .as("database.enabled")
                .isEqualTo(uses.contains("postgres"));
        assertThat(value.at("/broker/enabled").asBoolean()).as("broker.enabled").isEqualTo(uses.contains("broker"));
        assertThat(Manifests.texts(value.path("calls")))
                .containsExactlyInAnyOrderElementsOf(Manifests.texts(description.path("calls")));
        assertThat(value.path("standIn").asBoolean()).as("standIn").isEqualTo(description.has("stand-in-for"));
        if (description.has("cache")) {
            assertThat(value.at("/cache/topology")).isEqualTo(description.path("cache"));
        }
        assertThat(DEFAULT.podOf(service)
                        .container(service)
                        .at("/resources/limits/memory")
                        .asText())
                .isEqualToIgnoringCase(description.path("memory").asText("384m") + "i");
    }

    static Stream<String> services() {
        return Chart.SERVICES.stream();
    }

    @Test
    void letsEveryPodBeEvictedOneAtATime() {
        assertThat(Chart.ofCombination("single-replica").manifests().ofKind("PodDisruptionBudget"))
                .hasSameSizeAs(Chart.SERVICES)
                .allSatisfy(budget -> {
                    // minAvailable with one replica would keep a node from ever being drained
                    assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
                    assertThat(budget.path("spec").has("minAvailable")).isFalse();
                });
    }

    @Test
    void leavesTheNumberOfPodsToTheAutoscaler() {
        Manifests manifests = Chart.ofCombination("autoscaling").manifests();
        assertThat(deployment(manifests, "bff").path("spec").has("replicas")).isFalse();
        JsonNode scaler =
                manifests.one("HorizontalPodAutoscaler", "vitrina-bff").path("spec");
        assertThat(scaler.path("maxReplicas").asInt()).isEqualTo(5);
        assertThat(scaler.at("/metrics/0/containerResource/container").asText()).isEqualTo("bff");
        assertThat(deployment(manifests, "cart").path("spec").has("replicas")).isTrue();
    }

    @Test
    void spreadsPodsOverNodesAndZones() {
        assertThat(Manifests.items(DEFAULT.podOf("bff").spec().path("topologySpreadConstraints")))
                .extracting(constraint -> constraint.path("topologyKey").asText())
                .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
    }

    @Test
    void keepsRedisInThePodAndOutOfItsReadiness() {
        for (String service : List.of("bff")) {
            Manifests.Pod pod = DEFAULT.podOf(service);
            JsonNode redis = pod.container("redis");
            assertThat(redis.path("restartPolicy").asText()).isEqualTo("Always");
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe", "ports")) {
                assertThat(redis.has(probe)).as(probe).isFalse();
            }
            String script = redis.at("/args/0").asText();
            assertThat(script)
                    .contains("--port 0")
                    .contains("--unixsocket /run/redis/redis.sock")
                    .contains("--maxmemory 48mb")
                    .contains("--maxmemory-policy allkeys-lfu")
                    .contains("--save \"\" --appendonly no");
            assertThat(environment(DEFAULT, service))
                    .containsEntry("VITRINA_CACHE_TOPOLOGY", "sidecar")
                    .containsEntry("VITRINA_CACHE_REDIS_URL", "unix:///run/redis/redis.sock");
        }
        for (String service : List.of("cart", "products")) {
            assertThat(DEFAULT.podOf(service).spec().has("initContainers"))
                    .as("a Redis that nobody asks")
                    .isFalse();
        }
    }

    @Test
    void changesTheCachesTopologyByOneValue() {
        for (String topology : List.of("memory", "off")) {
            Manifests manifests = Chart.ofCombination("cache-" + topology).manifests();
            for (String service : List.of("bff", "predictions")) {
                assertThat(manifests.podOf(service).spec().has("initContainers"))
                        .isFalse();
                assertThat(environment(manifests, service))
                        .containsEntry("VITRINA_CACHE_TOPOLOGY", topology)
                        .doesNotContainKey("VITRINA_CACHE_REDIS_URL");
            }
        }
    }

    @Test
    void takesWhatNobodyForesaw() {
        Manifests manifests = Chart.ofCombination("everything-else").manifests();
        Manifests.Pod bff = manifests.podOf("bff");
        assertThat(bff.metadata().at("/labels/team").asText()).isEqualTo("front");
        assertThat(bff.metadata().path("annotations").path("example.com/scrape").asText())
                .isEqualTo("true");
        assertThat(bff.spec().at("/tolerations/0/key").asText()).isEqualTo("spot");
        assertThat(bff.spec().has("topologySpreadConstraints")).isFalse();
        assertThat(bff.spec().path("affinity").has("nodeAffinity")).isTrue();
        assertThat(bff.spec().path("priorityClassName").asText()).isEqualTo("store");
        assertThat(bff.spec().at("/nodeSelector/kubernetes.io~1os").asText()).isEqualTo("linux");
        assertThat(bff.spec().path("volumes"))
                .extracting(volume -> volume.path("name").asText())
                .contains("extra");
        assertThat(environment(manifests, "bff"))
                .containsEntry("VITRINA_BFF_BUDGET", "3s")
                .containsKey("POD_NAME")
                .containsEntry("VITRINA_BFF_CART_URL", "http://shop-cart");
        assertThat(manifests.ofKind("PodDisruptionBudget"))
                .extracting(Manifests::name)
                .doesNotContain("shop-bff");
        assertThat(manifests.one("Service", "shop-bff").at("/spec/ports/0/port").asInt())
                .isEqualTo(8000);
    }

    @Test
    void namesTheHostsByWhichTheShopMayBeAsked() {
        assertThat(environment(DEFAULT, "bff"))
                .containsEntry("VITRINA_BFF_HOSTS", "vitrina-bff.$(POD_NAMESPACE),localhost")
                .containsEntry("POD_NAMESPACE", "{\"fieldRef\":{\"fieldPath\":\"metadata.namespace\"}}");
        // Kubernetes puts in only what stands before
        assertThat(Manifests.items(DEFAULT.podOf("bff").container("bff").path("env")))
                .extracting(entry -> entry.path("name").asText())
                .containsSubsequence("POD_NAMESPACE", "VITRINA_BFF_HOSTS");
        assertThat(environment(DEFAULT, "cart")).doesNotContainKeys("VITRINA_CART_HOSTS", "POD_NAMESPACE");
        assertThat(environment(
                        Chart.ofVitrina()
                                .with("services.bff.hosts[0]=shop.example.com")
                                .manifests(),
                        "bff"))
                .containsEntry("VITRINA_BFF_HOSTS", "vitrina-bff.$(POD_NAMESPACE),shop.example.com");
        assertThat(environment(
                        Chart.ofVitrina()
                                .with("services.bff.env.VITRINA_BFF_HOSTS=shop.example.com")
                                .manifests(),
                        "bff"))
                .containsEntry("VITRINA_BFF_HOSTS", "shop.example.com")
                .doesNotContainKey("POD_NAMESPACE");
    }

    @Test
    void declaresPartsOfThePage() {
        assertThat(environment(
                        Chart.ofVitrina()
                                .with(
                                        "services.bff.parts.rating.url=http://ratings.shop.svc/ratings?product_ids={ids}",
                                        "services.bff.parts.rating.key=product_id",
                                        "services.bff.parts.rating.labelRu=Оценка",
                                        "services.bff.parts.rating.maxStale=10m",
                                        "services.bff.parts.rating.required=true",
                                        "services.bff.parts.rating.to[0].podSelector.matchLabels.app=ratings",
                                        "services.bff.parts.points.url=https://points.example.com/{user}")
                                .manifests(),
                        "bff"))
                .containsEntry("VITRINA_PAGE_PARTS_RATING_URL", "http://ratings.shop.svc/ratings?product_ids={ids}")
                .containsEntry("VITRINA_PAGE_PARTS_RATING_KEY", "product_id")
                .containsEntry("VITRINA_PAGE_PARTS_RATING_LABEL_RU", "Оценка")
                .containsEntry("VITRINA_PAGE_PARTS_RATING_MAX_STALE", "10m")
                .containsEntry("VITRINA_PAGE_PARTS_RATING_REQUIRED", "true")
                .containsEntry("VITRINA_PAGE_PARTS_POINTS_URL", "https://points.example.com/{user}")
                .doesNotContainKey("VITRINA_PAGE_PARTS_RATING_TO");
        assertThat(environment(DEFAULT, "bff"))
                .allSatisfy((name, value) -> assertThat(name).doesNotContain("PAGE_PARTS"));
    }

    @Test
    void namesTheReleasesThatExperimentsMayGive() {
        assertThat(environment(Chart.ofCombination("experiment").manifests(), "bff"))
                .containsEntry(
                        "VITRINA_EXPERIMENTS_VARIANTS", "cart/next products/newest=http://next-products.shop.svc");
        assertThat(environment(DEFAULT, "bff")).doesNotContainKey("VITRINA_EXPERIMENTS_VARIANTS");
    }

    @Test
    void testsThePagesFrameAndAPart() {
        JsonNode test = DEFAULT.one("Pod", "vitrina-bff-test").at("/spec/containers/0");
        assertThat(test.path("env").toString())
                .contains("{\"name\":\"PAGE\",\"value\":\"/?limit=5\"}", "<template shadowrootmode=", "<article slot=");
    }

    @Test
    void letsExtraVariablesReplaceItsOwn() {
        Manifests manifests = Chart.ofVitrina()
                .with(
                        "services.cart.extraEnv[0].name=QUARKUS_DATASOURCE_PASSWORD",
                        "services.cart.extraEnv[0].value=x",
                        "services.cart.extraEnv[1].name=QUARKUS_HTTP_HOST",
                        "services.cart.extraEnv[1].value=::")
                .manifests();
        assertThat(Manifests.items(manifests.podOf("cart").container("cart").path("env")))
                .extracting(entry -> entry.path("name").asText())
                .doesNotHaveDuplicates()
                .contains("QUARKUS_DATASOURCE_PASSWORD", "QUARKUS_HTTP_HOST");
    }

    @Test
    void letsVariablesByNameReplaceItsOwn() {
        Manifests manifests = Chart.ofVitrina()
                .with("services.cart.env.QUARKUS_DATASOURCE_PASSWORD=x", "services.cart.env.LIMIT=3000000")
                .manifests();
        assertThat(Manifests.items(manifests.podOf("cart").container("cart").path("env")))
                .extracting(entry -> entry.path("name").asText())
                .doesNotHaveDuplicates();
        assertThat(environment(manifests, "cart"))
                .containsEntry("QUARKUS_DATASOURCE_PASSWORD", "x")
                .containsEntry("LIMIT", "3000000");
    }

    @Test
    void writesNumbersAsTheyAreGiven() {
        Manifests manifests = Chart.ofVitrina()
                .with(
                        "image.tag=20261122",
                        "postgres.settings.random_page_cost=1.1",
                        "postgres.settings.work_mem=3000000")
                .manifests();
        assertThat(manifests.podOf("cart").container("cart").path("image").asText())
                .endsWith("/cart:20261122");
        assertThat(Manifests.texts(
                        manifests.podOf("postgres").container("postgres").path("args")))
                .contains("random_page_cost=1.1", "work_mem=3000000");
    }

    @Test
    void tellsAnImageWithOnePortOfNoOther() {
        assertThat(environment(Chart.ofCombination("own-service").manifests(), "reviews"))
                .containsEntry("QUARKUS_HTTP_PORT", "3000")
                .doesNotContainKey("QUARKUS_MANAGEMENT_PORT");
    }

    @Test
    void labelsWithAVersionThatHasBuildMetadata(@TempDir Path folder) throws IOException {
        Chart.copy(Chart.FOLDER, folder);
        Path description = folder.resolve("Chart.yaml");
        Files.writeString(
                description, Files.readString(description).replaceFirst("(?m)^version: .*", "version: 1.2.3+4"));
        assertThat(deployment(Chart.ofVitrina().in(folder).manifests(), "cart")
                        .at("/metadata/labels/helm.sh~1chart")
                        .asText())
                .isEqualTo("vitrina-1.2.3_4");
    }

    @Test
    void replacesAServiceByImageAlone() {
        JsonNode container = Chart.ofCombination("replaced-service")
                .manifests()
                .podOf("inventory")
                .container("inventory");
        assertThat(container.path("image").asText()).startsWith("stock/inventory@sha256:");
        assertThat(Manifests.items(container.path("env")))
                .extracting(entry -> entry.path("name").asText())
                .noneMatch(name -> name.contains("DATASOURCE"));
    }

    /** docs/replace-a-service.md. */
    @Test
    void putsTheExampleCartInPlaceOfOurs() throws IOException {
        Path values = Chart.ROOT.resolve("examples/cart/values.yaml");
        assertThat(Files.readString(Chart.ROOT.resolve("docs/replace-a-service.md")))
                .contains(Files.readString(values));

        Manifests manifests = Chart.ofVitrina().with(values).manifests();

        JsonNode container = manifests.podOf("cart").container("cart");
        assertThat(container.path("image").asText()).isEqualTo("shop/cart:1");
        assertThat(container.path("ports")).hasSize(1);
        assertThat(container.at("/readinessProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/q/health/ready\",\"port\":\"http\"}");
        assertThat(container.at("/lifecycle/preStop/sleep/seconds").asInt()).isEqualTo(8);
        assertThat(environment(manifests, "bff")).containsEntry("VITRINA_BFF_CART_URL", "http://vitrina-cart");
        assertThat(manifests.ofKind("Job")).extracting(Manifests::name).noneMatch(name -> name.contains("cart"));
        assertThat(manifests.one("NetworkPolicy", "vitrina-cart").at("/spec/ingress"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.at("/from/0/podSelector/matchLabels/app.kubernetes.io~1component")
                                .asText())
                        .isEqualTo("bff"));
    }

    @Test
    void putsTheMirrorBeforeEveryImageThatNamesNoHost() {
        Manifests manifests = Chart.ofCombination("mirror").manifests();
        assertThat(manifests.pods()).allSatisfy(pod -> {
            assertThat(pod.spec().at("/imagePullSecrets/0/name").asText()).isEqualTo("mirror");
            assertThat(pod.containers()).allSatisfy(container -> {
                assertThat(container.path("image").asText()).startsWith("mirror.example.com/library/");
                assertThat(container.path("imagePullPolicy").asText()).isEqualTo("Always");
            });
        });
        assertThat(manifests.podOf("bff").container("bff").path("image").asText())
                .isEqualTo("mirror.example.com/library/vitrina/bff:1.2.3");
        assertThat(Chart.ofCombination("own-service")
                        .with("image.registry=mirror.example.com")
                        .manifests()
                        .podOf("reviews")
                        .container("reviews")
                        .path("image")
                        .asText())
                .isEqualTo("images.example.com/shop/reviews:7");
    }

    @Test
    void asksForNoMoreThanOneProcessorAndTwoGibibytesAndForTheJobsAShortTimeALittle() {
        Manifests shop = Chart.ofCombination("without-predictions").manifests();
        assertThat(asked(shop, false)).satisfies(sum -> {
            assertThat(sum.milliCpu()).isPositive().isLessThanOrEqualTo(1000);
            assertThat(sum.mebibytes()).isPositive().isLessThanOrEqualTo(2048);
        });
        assertThat(asked(shop, true)).satisfies(sum -> {
            assertThat(sum.milliCpu()).isPositive().isLessThanOrEqualTo(140);
            assertThat(sum.mebibytes()).isPositive().isLessThanOrEqualTo(560);
        });
    }

    @Test
    void asksForLittleMoreWithPredictions() {
        assertThat(asked(DEFAULT, false)).satisfies(sum -> {
            assertThat(sum.milliCpu()).isGreaterThan(1000).isLessThanOrEqualTo(1200);
            assertThat(sum.mebibytes()).isGreaterThan(2048).isLessThanOrEqualTo(2816);
        });
        assertThat(asked(DEFAULT, true)).satisfies(sum -> {
            assertThat(sum.milliCpu()).isPositive().isLessThanOrEqualTo(180);
            assertThat(sum.mebibytes()).isPositive().isLessThanOrEqualTo(720);
        });
    }

    @Test
    void leavesOutPredictionsAndWhatMakesThem() {
        Manifests shop = Chart.ofCombination("without-predictions").manifests();
        List<String> left = List.of("predictions", "features", "model", "metrics");
        assertThat(shop.ofKind("Deployment"))
                .extracting(Manifests::name)
                .containsExactlyInAnyOrderElementsOf(Chart.SERVICES.stream()
                        .filter(service -> !left.contains(service))
                        .map(service -> "vitrina-" + service)
                        .toList());
        assertThat(environment(shop, "bff"))
                .containsKey("VITRINA_BFF_CART_URL")
                .doesNotContainKey("VITRINA_BFF_PREDICTIONS_URL");
    }

    @Test
    void letsWriteOnlyWhereAVolumeIs() {
        Map.of("metrics", "VITRINA_METRICS_LOG_FILE", "model", "VITRINA_MODEL_DIRECTORY")
                .forEach((service, variable) -> {
                    String file = environment(DEFAULT, service).get(variable);
                    Manifests.Pod pod = DEFAULT.podOf(service);
                    assertThat(Manifests.items(pod.container(service).path("volumeMounts")))
                            .filteredOn(mount -> (file + "/")
                                    .startsWith(mount.path("mountPath").asText() + "/"))
                            .singleElement()
                            .satisfies(mount -> assertThat(
                                            Manifests.items(pod.spec().path("volumes")))
                                    .filteredOn(volume -> volume.path("name").equals(mount.path("name")))
                                    .singleElement()
                                    .satisfies(volume ->
                                            assertThat(volume.has("emptyDir")).isTrue()));
                });
    }

    @Test
    void learnsByTheClockWhereItIsWanted() {
        assertThat(DEFAULT.ofKind("CronJob")).isEmpty();
        Manifests manifests = Chart.ofCombination("retraining").manifests();
        JsonNode job = manifests.one("CronJob", "vitrina-retraining").path("spec");
        assertThat(job.path("schedule").asText()).isEqualTo("30 3 * * *");
        assertThat(job.path("concurrencyPolicy").asText()).isEqualTo("Forbid");
        Manifests.Pod pod = manifests.podOf("retraining");
        JsonNode container = pod.container("retraining");
        assertThat(pod.spec().path("restartPolicy").asText()).isEqualTo("Never");
        assertThat(container.path("image"))
                .isEqualTo(manifests.podOf("model").container("model").path("image"));
        // nobody calls it, and it ends: nothing probes it
        for (String key : List.of("ports", "startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.has(key)).as(key).isFalse();
        }
        assertThat(environment(manifests, "retraining"))
                .containsEntry("VITRINA_MODEL_WORKER", "true")
                .containsEntry("VITRINA_RETRAINING_METRICS_URL", "http://vitrina-metrics")
                .containsEntry("VITRINA_MODEL_RETRAINING_METRICS_URL", "$(VITRINA_RETRAINING_METRICS_URL)");
        // a variable is put in only where it stands before
        assertThat(Manifests.items(container.path("env")))
                .extracting(entry -> entry.path("name").asText())
                .containsSubsequence("VITRINA_RETRAINING_METRICS_URL", "VITRINA_MODEL_RETRAINING_METRICS_URL");
        assertThat(pod.spec().path("volumes").toString())
                .contains("\"claimName\":\"models\"")
                .isEqualTo(manifests.podOf("model").spec().path("volumes").toString());
        assertThat(manifests.ids())
                .filteredOn(id -> id.endsWith("-retraining"))
                .containsExactlyInAnyOrder(
                        "CronJob/vitrina-retraining",
                        "NetworkPolicy/vitrina-retraining",
                        "ServiceAccount/vitrina-retraining");
    }

    @Test
    void scalesTheModelOverOneFolderOfVersions() {
        Manifests manifests = Chart.ofCombination("model-autoscaling").manifests();
        JsonNode scaler =
                manifests.one("HorizontalPodAutoscaler", "vitrina-model").path("spec");
        assertThat(scaler.path("minReplicas").asInt()).isEqualTo(1);
        assertThat(scaler.path("maxReplicas").asInt()).isEqualTo(4);
        JsonNode use = scaler.at("/metrics/0/containerResource");
        assertThat(use.path("container").asText()).isEqualTo("model");
        assertThat(use.at("/target/averageUtilization").asInt()).isEqualTo(1000);
        assertThat(scaler.at("/behavior/scaleDown/stabilizationWindowSeconds").asInt())
                .isEqualTo(60);
        assertThat(deployment(manifests, "model").path("spec").has("replicas")).isFalse();
        assertThat(Manifests.items(manifests.podOf("model").spec().path("volumes")))
                .filteredOn(volume -> volume.path("name").asText().equals("models"))
                .extracting(JsonNode::toString)
                .containsExactly("{\"name\":\"models\",\"persistentVolumeClaim\":{\"claimName\":\"models\"}}");
    }

    private record Asked(long milliCpu, long mebibytes) {}

    /** The sum of the requests of all Jobs, or of all that is no Job. */
    private static Asked asked(Manifests manifests, boolean jobs) {
        long milliCpu = 0;
        long mebibytes = 0;
        for (JsonNode manifest : manifests.all()) {
            if (Manifests.kind(manifest).equals("Pod")
                    || Manifests.kind(manifest).equals("Job") != jobs) {
                continue;
            }
            int replicas = manifest.at("/spec/replicas").asInt(1);
            for (Manifests.Pod pod : new Manifests(List.of(manifest)).pods()) {
                for (JsonNode container : pod.containers().toList()) {
                    // a Job's init container is gone before its container starts, and asks for the same
                    if (!jobs || container.path("name").asText().equals("migrations")) {
                        JsonNode requests = container.at("/resources/requests");
                        milliCpu += replicas * milliCpu(requests.path("cpu").asText());
                        mebibytes +=
                                replicas * mebibytes(requests.path("memory").asText());
                    }
                }
            }
        }
        return new Asked(milliCpu, mebibytes);
    }

    private static long milliCpu(String quantity) {
        assertThat(quantity).endsWith("m");
        return Long.parseLong(quantity.substring(0, quantity.length() - 1));
    }

    private static long mebibytes(String quantity) {
        assertThat(quantity).endsWith("Mi");
        return Long.parseLong(quantity.substring(0, quantity.length() - 2));
    }

    @Test
    void namesNoServiceInATemplate() throws IOException {
        List<String> names = Chart.ofVitrina().values().path("services").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
        try (var files = Files.walk(Chart.FOLDER.resolve("templates"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                // metrics are also what Prometheus fetches and an autoscaler looks at, a registry is also one of images
                String text = Files.readString(file)
                        .replaceAll(
                                "(\\.Values\\.|[ \"])metrics\\.(serviceMonitor|from)\\b|(?m)^ +metrics:$|/q/metrics|health and metrics|fetch metrics|images?\\.registry",
                                "");
                assertThat(names).as("%s", file).noneMatch(name -> Pattern.compile(
                                "\\b" + name + "\\b", Pattern.CASE_INSENSITIVE)
                        .matcher(text)
                        .find());
            }
        }
    }

    @Test
    void testsAServiceThatSaysHow() {
        JsonNode test = Chart.ofVitrina().manifests().one("Pod", "vitrina-bff-test");
        assertThat(test.path("metadata").path("annotations").path(Chart.HOOK).asText())
                .isEqualTo("test");
        assertThat(Manifests.items(test.at("/spec/containers/0/env")))
                .anySatisfy(entry -> assertThat(entry.path("value").asText()).startsWith("/products/all"));
        assertThat(Chart.ofCombination("own-service").manifests().ofKind("Pod"))
                .extracting(Manifests::name)
                .containsExactlyInAnyOrder("vitrina-bff-test", "vitrina-reviews-test");
    }
}
