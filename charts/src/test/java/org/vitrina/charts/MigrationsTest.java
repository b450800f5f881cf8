package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs cannot be changed: another image, change log or anything else of a Job has to be another Job. */
class MigrationsTest {
    private static Map<String, String> jobs(Chart chart) {
        Map<String, String> jobs = new TreeMap<>();
        chart.manifests()
                .ofKind("Job")
                .forEach(job -> jobs.put(
                        job.path("metadata")
                                .path("labels")
                                .path("vitrina/service")
                                .asText(),
                        Manifests.name(job)));
        return jobs;
    }

    @Test
    void hasAJobForEachServiceWithADatabase() {
        assertThat(jobs(Chart.ofVitrina())).containsOnlyKeys(Chart.DATABASES);
        assertThat(jobs(Chart.ofCombination("simulated-inventory"))).doesNotContainKey("inventory");
        assertThat(jobs(Chart.ofCombination("external-service")))
                .doesNotContainKeys("inventory", "favorites")
                .containsKeys("products", "cart");
    }

    @Test
    void makesOnlyTheDatabaseOfAServiceThatBringsItsSchemaUpItself() {
        Chart chart = Chart.ofCombination("own-service");
        JsonNode pod = chart.manifests().ofKind("Job").stream()
                .filter(job -> Manifests.name(job).startsWith("vitrina-reviews-"))
                .findFirst()
                .orElseThrow()
                .at("/spec/template/spec");
        assertThat(pod.has("initContainers")).isFalse();
        assertThat(pod.path("containers")).singleElement().satisfies(container -> {
            assertThat(container.path("name").asText()).isEqualTo("database");
            assertThat(container.at("/args/0").asText()).contains("CREATE DATABASE");
        });
        assertThat(jobs(chart.with("migrations.command[0]=status"))).doesNotContainKey("reviews");
        // who may make no database finds it there
        assertThat(jobs(chart.with("postgres.enabled=false", "postgres.external.host=db", "postgres.existingSecret=p")))
                .containsOnlyKeys(Chart.DATABASES);
    }

    @Test
    void takesEachKeyOfItsImageFromTheServiceFirst() {
        String digest = "sha256:" + "ab".repeat(32);
        String own = "services.cart.migrations.image.";
        assertThat(image(own + "digest=" + digest)).isEqualTo("vitrina/migrations@" + digest);
        assertThat(image("migrations.image.digest=" + digest)).isEqualTo("vitrina/migrations@" + digest);
        assertThat(image("migrations.image.digest=" + digest, own + "tag=v9")).isEqualTo("vitrina/migrations:v9");
        assertThat(image("migrations.image.tag=v8", own + "repository=shop/cart", "image.tag=v7"))
                .isEqualTo("shop/cart:v7");
    }

    private static String image(String... settings) {
        return Chart.ofVitrina().with(settings).manifests().pods().stream()
                .filter(pod -> pod.owner().startsWith("Job/vitrina-cart-"))
                .findFirst()
                .orElseThrow()
                .container("migrations")
                .path("image")
                .asText();
    }

    @Test
    void isNoHook() {
        assertThat(Chart.ofVitrina().manifests().ofKind("Job"))
                .allMatch(job -> job.at("/metadata/annotations").isMissingNode());
    }

    @Test
    void namesTheImagesTag() {
        assertThat(jobs(Chart.ofVitrina().with("image.tag=2.0.0")).get("cart"))
                .matches("vitrina-cart-migrate-2-0-0-[0-9a-f]{8}");
        assertThat(jobs(Chart.ofCombination("mirror")).get("cart")).matches("vitrina-cart-migrate-1-2-3-[0-9a-f]{8}");
    }

    @Test
    void keepsItsNameWhenOnlyServicesChange() {
        assertThat(jobs(Chart.ofVitrina()
                        .with(
                                "services.cart.podAnnotations.a=b",
                                "services.cart.image.tag=v9",
                                "services.cart.replicas=3")))
                .isEqualTo(jobs(Chart.ofVitrina()));
    }

    @Test
    void changesItsNameWithEverythingInIt() {
        Map<String, String> plain = jobs(Chart.ofVitrina());
        for (String setting : List.of(
                "image.tag=v2",
                "migrations.image.tag=v2",
                "migrations.demoData=false",
                "migrations.waitSeconds=1",
                "migrations.backoffLimit=1",
                "postgres.image.tag=16-alpine",
                "postgres.existingSecret=other",
                "image.registry=mirror.example.com")) {
            Map<String, String> changed = jobs(Chart.ofVitrina().with(setting));
            assertThat(changed.get("cart")).as(setting).isNotEqualTo(plain.get("cart"));
            assertThat(changed.get("products")).as(setting).isNotEqualTo(plain.get("products"));
        }
    }

    @Test
    void changesTheNameOfOneServicesJobWithItsChangeLog(@TempDir Path folder) throws IOException {
        Chart.copy(Chart.FOLDER, folder);
        Path hashes = folder.resolve("files/changelogs.yaml");
        Files.writeString(hashes, Files.readString(hashes).replaceAll("cart: .*", "cart: 0123456789abcdef"));
        Map<String, String> plain = jobs(Chart.ofVitrina());
        Map<String, String> changed = jobs(Chart.ofVitrina().in(folder));
        assertThat(changed.get("cart")).isNotEqualTo(plain.get("cart"));
        assertThat(changed.get("products")).isEqualTo(plain.get("products"));
    }

    @Test
    void staysWithinTheLengthOfALabel() {
        Chart longest = Chart.ofVitrina()
                .named("a".repeat(40))
                .with(
                        "image.tag=" + "v".repeat(80),
                        "services.bbbbbbbbbbbbbbbbbbbb.image.repository=x",
                        "services.bbbbbbbbbbbbbbbbbbbb.database.enabled=true",
                        "services.bbbbbbbbbbbbbbbbbbbb.migrations.image.repository=x");
        assertThat(longest.manifests().all())
                .allMatch(manifest -> Manifests.name(manifest).matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?"));
        assertThat(longest.manifests().ids()).doesNotHaveDuplicates();
    }

    @Test
    void failsWhereHelmSeesIt() {
        JsonNode job = Chart.ofVitrina().manifests().ofKind("Job").get(0).path("spec");
        assertThat(job.path("backoffLimit").asInt()).isEqualTo(2);
        assertThat(job.at("/template/spec/restartPolicy").asText()).isEqualTo("Never");
        // helm compares failures with backoffLimit: FailJob would end the Job unseen
        assertThat(Manifests.items(job.at("/podFailurePolicy/rules")))
                .extracting(rule -> rule.path("action").asText())
                .containsExactly("Ignore");
    }

    @Test
    void takesChangeSetsBackAtMostOnce() {
        List<JsonNode> jobs = Chart.ofVitrina()
                .with("migrations.only=cart", "migrations.command[0]=down", "migrations.command[1]=1")
                .manifests()
                .ofKind("Job");
        assertThat(jobs).singleElement().satisfies(job -> {
            assertThat(job.at("/metadata/generateName").asText()).isEqualTo("vitrina-cart-migrate-");
            assertThat(job.at("/metadata/name").isMissingNode()).isTrue();
            assertThat(job.at("/spec/backoffLimit").asInt()).isZero();
            assertThat(Manifests.texts(job.at("/spec/template/spec/containers/0/args")))
                    .startsWith("cart", "down", "1");
        });
    }

    @Test
    void waitsForTheDatabaseAndSaysSo() {
        Manifests.Pod pod = Chart.ofVitrina().manifests().podOf("migrations");
        assertThat(pod.container("database").at("/args/0").asText())
                .contains("pg_isready")
                .contains("waiting for PostgreSQL at $PGHOST:$PGPORT");
        assertThat(Manifests.texts(pod.container("migrations").path("args"))).containsSequence("--wait", "240");
        assertThat(Chart.ofCombination("external-postgres")
                        .manifests()
                        .podOf("migrations")
                        .spec()
                        .has("initContainers"))
                .isFalse();
    }

    @Test
    void leavesDemonstrationDataOut() {
        assertThat(Manifests.texts(Chart.ofCombination("no-demo-data")
                        .manifests()
                        .podOf("migrations")
                        .container("migrations")
                        .path("args")))
                .containsSequence("--contexts", "");
    }

    /** The same upgrade, repeated once the cause is gone, repairs: a Job that failed is never tried again by itself. */
    @Test
    void makesAnotherJobInPlaceOfOneThatFailed() {
        List<JsonNode> before = Chart.ofVitrina().manifests().ofKind("Job");
        ObjectNode failed = before.getFirst().deepCopy();
        failed.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Failed")
                .put("status", "True");
        ObjectNode done = before.getLast().deepCopy();
        done.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Complete")
                .put("status", "True");
        List<String> names = before.stream().map(Manifests::name).toList();
        try (Cluster cluster = Cluster.with(failed, done)) {
            assertThat(cluster).isNotNull();
            List<String> again = Manifests.parse(Chart.ofVitrina().text()).ofKind("Job").stream()
                    .map(Manifests::name)
                    .toList();
            assertThat(again).hasSameSizeAs(names).doesNotContain(names.getFirst());
            assertThat(again.subList(1, again.size())).isEqualTo(names.subList(1, names.size()));
        }
    }
}
