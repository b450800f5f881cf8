package org.vitrina.registry;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.ExportedMeters;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.RedisResource;

/** The registry over HTTP, on Redis. Each test has services of its own. */
@QuarkusTest
@TestProfile(RegistryTest.Settings.class)
@WithTestResource(RedisResource.class)
class RegistryTest extends DescriptionTest {
    static final String PROBLEM = "application/problem+json";

    /** A secret, and replicas that are forgotten soon enough to be waited for. */
    public static final class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("vitrina.registry.ttl", "6s", "vitrina.registry.secrets", "other=x,guarded=open-sesame");
        }
    }

    static Response put(String service, String id, String body) {
        return given().contentType("application/json").body(body).put("/services/" + service + "/instances/" + id);
    }

    static Response put(String service, String id, int port) {
        return put(service, id, "{\"address\":\"127.0.0.1\",\"port\":" + port + "}");
    }

    static Response list(String service) {
        return given().get("/services/" + service + "/instances");
    }

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /services", 200)
                .operation("GET /services/{name}/instances", 200, 304, 400, 404)
                .operation("PUT /services/{name}/instances/{id}", 200, 201, 400, 403, 409)
                .operation("DELETE /services/{name}/instances/{id}", 204, 400, 403)
                .fields("GET /services 200", "name", "instances")
                .fields("GET /services/{name}/instances 200", "id", "address", "port", "zone", "weight", "version")
                .fields("PUT /services/{name}/instances/{id} 200", "instance", "renew_after_ms", "ttl_ms")
                .assertAgrees();
    }

    /** The blocks of docs/discovery.md in this language, for the registry of this test. */
    private static List<String> examples(String language) throws IOException {
        String page = Files.readString(Path.of("../../docs/discovery.md"));
        List<String> blocks = new ArrayList<>();
        var block = Pattern.compile("(?s)```" + language + "\\n(.*?)```").matcher(page);
        while (block.find()) {
            blocks.add(block.group(1).replace("http://127.0.0.1:8020", "http://127.0.0.1:" + RestAssured.port));
        }
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    private static boolean has(String program) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-c", "command -v " + program).start().waitFor() == 0;
    }

    @Test
    void theExamplesForCurlWork() throws Exception {
        assumeTrue(has("curl"), "curl is not installed");
        for (String example : examples("bash")) {
            Process run = new ProcessBuilder("bash", "-euc", example)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(run.waitFor()).as(said).isZero();
            if (example.contains("PUT")) {
                assertThat(said).contains("\"renew_after_ms\":");
                list("reviews").then().statusCode(200).body("[0].zone", equalTo("west"));
            }
            assertThat(said).doesNotContain("urn:vitrina:problem");
        }
        list("reviews").then().statusCode(200).body("$", hasSize(0));
    }

    @Test
    void theExampleInPythonRegistersAndLeaves() throws Exception {
        assumeTrue(has("python3"), "python3 is not installed");
        String example = examples("python").getFirst().replace("/services/reviews/", "/services/python-reviews/");
        Process run = new ProcessBuilder("python3", "-c", example).inheritIO().start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> list("python-reviews").then().statusCode(200).body("id", equalTo(List.of("python"))));
            run.destroy();
            assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
            list("python-reviews").then().statusCode(200).body("$", hasSize(0));
        } finally {
            run.destroyForcibly();
        }
    }

    @Test
    void registersRenewsAndLeaves() {
        put("cart", "a", "{\"address\":\"127.0.0.1\",\"port\":81,\"zone\":\"west\",\"weight\":20,\"version\":\"1.2\"}")
                .then()
                .statusCode(201)
                .body("instance.id", equalTo("a"))
                .body("renew_after_ms", equalTo(2000))
                .body("ttl_ms", equalTo(6000));
        put("cart", "b", 82).then().statusCode(201);
        put("cart", "b", 82).then().statusCode(200);

        list("cart")
                .then()
                .statusCode(200)
                // whole seconds since Redis said so, on a machine that does other things too
                .header("Age", matchesPattern("[0-5]"))
                .header("Cache-Control", "no-cache");
        assertThat(list("cart").asString())
                .isEqualTo(
                        "[{\"id\":\"a\",\"address\":\"127.0.0.1\",\"port\":81,\"zone\":\"west\",\"weight\":20,\"version\":\"1.2\"},"
                                + "{\"id\":\"b\",\"address\":\"127.0.0.1\",\"port\":82,\"zone\":\"\",\"weight\":100,\"version\":\"\"}]");

        given().delete("/services/cart/instances/a").then().statusCode(204);
        given().delete("/services/cart/instances/a").then().statusCode(204);
        list("cart").then().body("id", equalTo(List.of("b")));
    }

    @Test
    void theLastOneThatLeavesEmptiesTheListAndOneThatIsNotKnownDoesNot() {
        list("nobody").then().statusCode(404).contentType(PROBLEM).body("detail", containsString("keep the list"));
        put("leaver", "a", 81).then().statusCode(201);
        given().delete("/services/leaver/instances/a").then().statusCode(204);
        list("leaver").then().statusCode(200).body("$", hasSize(0));
    }

    @Test
    void forgetsWhoDoesNotRenewAndDoesNotCallThatEmpty() {
        put("silent", "a", 81).then().statusCode(201);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> list("silent").then().statusCode(404));
    }

    @Test
    void tellsOnlyWhatHasChanged() throws Exception {
        put("watched", "a", 81).then().statusCode(201);
        String tag = list("watched").header("ETag");
        for (String known : List.of(tag, "*")) {
            given().header("If-None-Match", known)
                    .get("/services/watched/instances")
                    .then()
                    .statusCode(304);
        }

        CompletableFuture<Response> change = CompletableFuture.supplyAsync(() -> given().header("If-None-Match", tag)
                .header("Prefer", "wait=60")
                .get("/services/watched/instances?wait=60"));
        put("watched", "b", 82).then().statusCode(201);

        Response told = change.get(30, TimeUnit.SECONDS);
        told.then().statusCode(200).body("id", equalTo(List.of("a", "b")));
        assertThat(told.header("ETag")).isNotEqualTo(tag);
    }

    @Test
    void waitsNoLongerThanItIsAsked() {
        put("quiet", "a", 81).then().statusCode(201);
        CompletableFuture<Void> renewals = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 3; i++) {
                put("quiet", "a", 81);
            }
        });
        given().header("If-None-Match", list("quiet").header("ETag"))
                .get("/services/quiet/instances?wait=1")
                .then()
                .statusCode(304);
        renewals.join();
    }

    @Test
    void tellsAllWhoWait() throws Exception {
        put("crowd", "a", 81).then().statusCode(201);
        String tag = list("crowd").header("ETag");
        List<CompletableFuture<Response>> watchers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            watchers.add(CompletableFuture.supplyAsync(() -> given().header("If-None-Match", tag)
                    .header("Prefer", "wait=60")
                    .get("/services/crowd/instances?wait=60")));
        }
        given().delete("/services/crowd/instances/a").then().statusCode(204);
        for (CompletableFuture<Response> watcher : watchers) {
            watcher.get(60, TimeUnit.SECONDS).then().statusCode(200).body("$", hasSize(0));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"address\":\"127.0.0.1\"}",
                "{\"address\":\"localhost\",\"port\":81}",
                "{\"address\":\"0.0.0.0\",\"port\":81}",
                "{\"address\":\"169.254.169.254\",\"port\":80}",
                "{\"address\":\"224.0.0.1\",\"port\":81}",
                "{\"address\":\"::\",\"port\":81}",
                "{\"address\":\"127.0.0.1:9@10.0.0.1\",\"port\":81}",
                "{\"address\":\"127.0.0.1\",\"port\":0}",
                "{\"address\":\"127.0.0.1\",\"port\":65536}",
                "{\"address\":\"127.0.0.1\",\"port\":\"x\"}",
                "{\"address\":\"127.0.0.1\",\"port\":81,\"weight\":-1}",
                "{\"address\":\"127.0.0.1\",\"port\":81,\"weight\":1001}",
                "{\"address\":\"127.0.0.1\",\"port\":81,\"zone\":\"a b\"}",
                "{\"address\":\"127.0.0.1\",\"port\":81,\"version\":\"\"}",
                "[]",
                "nonsense"
            })
    void refusesWhatIsNoReplica(String body) {
        put("refused", "a", body).then().statusCode(400).contentType(PROBLEM);
        list("refused").then().statusCode(404);
    }

    @Test
    void exportsWhatItKnows() {
        put("counted", "a", 81).then().statusCode(201);
        String metrics = given().get(management.resolve("/q/metrics")).asString();
        assertThat(ExportedMeters.of(metrics))
                .contains(
                        "vitrina_registry_replicas{}",
                        "vitrina_registry_watchers{}",
                        "vitrina_registry_list_age_seconds{}")
                .isSubsetOf(ExportedMeters.documented());
        assertThat(metrics)
                .containsPattern("vitrina_registry_replicas [1-9]")
                .contains("vitrina_registry_list_age_seconds 0.0");
    }

    /** Their answers are never taken: others are told as soon as ever. */
    @Test
    void watchersThatNeverReadKeepNobodyWaiting() throws Exception {
        put("unread", "a", 81).then().statusCode(201);
        String tag = list("unread").header("ETag");
        String request =
                "GET /services/unread/instances?wait=60 HTTP/1.1\r\nHost: a\r\nPrefer: wait=60\r\nIf-None-Match: " + tag
                        + "\r\n\r\n";
        List<Socket> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(1024);
                socket.connect(new InetSocketAddress(http.getHost(), http.getPort()));
                socket.getOutputStream().write(request.repeat(20).getBytes(StandardCharsets.US_ASCII));
                deaf.add(socket);
            }
            for (int round = 0; round < 20; round++) {
                String known = list("unread").header("ETag");
                CompletableFuture<Response> change =
                        CompletableFuture.supplyAsync(() -> given().header("If-None-Match", known)
                                .header("Prefer", "wait=60")
                                .get("/services/unread/instances?wait=60"));
                put("unread", "a", 82 + round).then().statusCode(200);
                change.get(30, TimeUnit.SECONDS).then().statusCode(200).body("port", equalTo(List.of(82 + round)));
            }
        } finally {
            for (Socket socket : deaf) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> assertThat(
                        given().get(management.resolve("/q/metrics")).asString())
                .containsPattern("vitrina_registry_watchers 0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cart/instances/a",
                "-/instances/a",
                "a--b/instances/a",
                "cart/instances/-a",
                "cart/instances/%20"
            })
    void refusesBadNames(String path) {
        given().contentType("application/json")
                .body("{\"address\":\"127.0.0.1\",\"port\":81}")
                .put("/services/" + path)
                .then()
                .statusCode(400)
                .contentType(PROBLEM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "61", "-1", "x", "1.5"})
    void refusesBadWaits(String wait) {
        given().get("/services/cart/instances?wait=" + wait).then().statusCode(400);
    }
}
