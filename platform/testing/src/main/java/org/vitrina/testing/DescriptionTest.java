package org.vitrina.testing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.arc.Arc;
import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.contracts.TestedAddress;
import org.vitrina.contracts.Verdict;
import org.vitrina.contracts.Verification;
import org.vitrina.testing.identity.AccessMatrix;
import org.vitrina.testing.identity.TestIssuer;

/** On which port every service says what of itself (docs/contracts.md, Ports). Its own test adds its contract and its meters. */
@SuppressWarnings("NullAway.Init") // set by Quarkus
public abstract class DescriptionTest {
    @TestHTTPResource(value = "/", management = true)
    protected URI management;

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/health/ready", "/q/health/started"})
    void tellsItsHealthOnTheManagementPortOnly(String path) {
        // an answer of readiness is remembered for up to a second, that of a moment before the start too
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> given().get(management.resolve(path))
                .then()
                .statusCode(200)
                .body("status", equalTo("UP")));
        given().get(path).then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/openapi", "/q/swagger-ui/"})
    void describesItselfOnTheHttpPortOnly(String path) {
        given().get(path).then().statusCode(200);
        given().get(management.resolve(path)).then().statusCode(404);
    }

    @TestHTTPResource("/")
    protected URI http;

    /** In the process as it runs, which asks nobody who they are but meanwhile. */
    @Test
    void letsInWhomItsDescriptionNamesAndNobodyElse() {
        JsonPath document = given().get("/q/openapi?format=json").jsonPath();
        whileCallersAreAsked(issuer -> new AccessMatrix(http, issuer).check(document));
    }

    /** Fails with each rule of the contract kit that the service breaks, or that was not judged. */
    protected final void assertContractKept(String service) {
        whileCallersAreAsked(issuer -> assertThat(Verification.of(
                        service,
                        new TestedAddress(
                                http,
                                Optional.of(management.resolve("/")),
                                Optional.of(issuer.token("somebody", "service", "admin", "operator")),
                                Optional.of(issuer.token("2147480008")))))
                .isNotEmpty()
                .filteredOn(verdict -> verdict.outcome() != Verdict.Outcome.KEPT)
                .isEmpty());
    }

    /**
     * Fails unless what a caller does is on record as that caller's.
     *
     * @param deed does it, with the token and the trace of the request that it is given, and answers what it was done to
     * @param userId whose it was done to; null where it is no user's
     */
    protected final void assertOnRecord(
            Function<RequestSpecification, String> deed, String action, @Nullable Integer userId, String detail) {
        String trace = UUID.randomUUID().toString().replace("-", "");
        whileCallersAreAsked(issuer -> {
            Supplier<RequestSpecification> actor =
                    () -> given().header("Authorization", "Bearer " + issuer.token("4711", "admin", "service"));
            String subject = deed.apply(actor.get().header("traceparent", "00-" + trace + "-00f067aa0ba902b7-00"));
            actor.get().get("/ops/trail").then().statusCode(403);
            JsonPath trail = given().header("Authorization", "Bearer " + issuer.token("4712", "operator"))
                    .get("/ops/trail")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            Map<String, Object> entry = trail.getMap("find { it.trace_id == '" + trace + "' }");
            assertThat(entry)
                    .containsEntry("actor", "4711")
                    .containsEntry("action", action)
                    .containsEntry("subject", subject)
                    .containsEntry("user_id", userId)
                    .containsEntry("detail", detail)
                    .containsKeys("position", "done_at");
        });
    }

    private static void whileCallersAreAsked(Consumer<TestIssuer> work) {
        Consumer<@Nullable String> enforcement = Arc.container()
                .<Consumer<@Nullable String>>instance("vitrina-enforcement")
                .get();
        TestIssuer issuer = new TestIssuer();
        enforcement.accept(issuer.jwks());
        try {
            work.accept(issuer);
        } finally {
            enforcement.accept(null);
        }
    }

    @Test
    void readsNoBodyWithoutAnEnd() {
        EndlessBodies.check(given().get("/q/openapi?format=json").jsonPath());
    }

    @Test
    void exportsNoMeterThatIsNotDocumented() {
        assertThat(ExportedMeters.of(given().get(management.resolve("/q/metrics"))
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString()))
                .isNotEmpty()
                .isSubsetOf(ExportedMeters.documented());
    }

    @Test
    void letsNobodySwitchFaultsOnUnlessItIsToldSo() {
        given().get(management.resolve("/ops/faults")).then().statusCode(404);
        given().body("{\"kind\":\"hang\"}")
                .put(management.resolve("/ops/faults/one"))
                .then()
                .statusCode(404);
    }
}
