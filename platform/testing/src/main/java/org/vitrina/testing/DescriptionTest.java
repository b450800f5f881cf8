package org.vitrina.testing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.arc.Arc;
import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
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
