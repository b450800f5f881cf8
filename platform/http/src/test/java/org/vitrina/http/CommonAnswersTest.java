package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operation's description is completed with. */
class CommonAnswersTest {
    private static final String BUSY = "Not now: the database is away, or too much is asked";

    private final Operation operation = OASFactory.createOperation().responses(OASFactory.createAPIResponses());
    private final OpenAPI document = OASFactory.createOpenAPI();

    @BeforeEach
    void aServiceWithADatabase() {
        System.setProperty("quarkus.datasource.db-kind", "postgresql");
    }

    @AfterEach
    void again() {
        System.clearProperty("quarkus.datasource.db-kind");
    }

    @Test
    void saysWhatIdsAreMissingWhereThePathIsAllThatIsTaken() {
        path("id");
        path("product_id");

        assertThat(completed("/users/{id}/cart/{product_id}"))
                .isEqualTo(Map.of("400", "No user id or no product id", "503", BUSY, "504", "Not within the deadline"));
    }

    @Test
    void repeatsWithTheKeyWhereThereIsOneAndExpectsJsonWhereThereIsABody() {
        operation.addParameter(
                OASFactory.createParameter().in(Parameter.In.HEADER).name(IdempotencyKey.HEADER));
        operation.requestBody(OASFactory.createRequestBody());

        assertThat(completed("/things"))
                .isEqualTo(Map.of(
                        "415", "The body is no JSON",
                        "503", BUSY,
                        "504", "Not within the deadline: repeat it with the same key"));
    }

    @Test
    void leavesOutTheDeadlineWhereTheOperationSaysItselfWhenItIsNotToBeHad() {
        operation.addExtension("x-answers", Map.of("503", "While it rains"));

        assertThat(completed("/things")).isEqualTo(Map.of("503", "While it rains"));
        assertThat(operation.getExtensions()).isNullOrEmpty();
    }

    @Test
    void aServiceHasOtherReasons() {
        document.addExtension("x-common-answers", Map.of("503", "While it rains"));

        assertThat(completed("/things")).isEqualTo(Map.of("503", "While it rains", "504", "Not within the deadline"));
    }

    @Test
    void aServiceWithoutADatabaseSaysAllItself() {
        System.clearProperty("quarkus.datasource.db-kind");

        assertThat(completed("/things")).isEmpty();
    }

    @Test
    void answersOfSuccessHaveTheBodyThatTheScannerFound() {
        Content body = OASFactory.createContent().addMediaType("application/json", OASFactory.createMediaType());
        operation
                .getResponses()
                .addAPIResponse(
                        "200", OASFactory.createAPIResponse().description("OK").content(body));
        operation.addExtension("x-answers", Map.of("201", "Made", "202", "Being made", "204", "Gone"));

        assertThat(completed("/things")).containsEntry("201", "Made").doesNotContainKey("200");
        assertThat(operation.getResponses().getAPIResponse("201").getContent()).isEqualTo(body);
        assertThat(operation.getResponses().getAPIResponse("202").getContent()).isEqualTo(body);
        assertThat(operation.getResponses().getAPIResponse("204").getContent()).isNull();
    }

    private void path(String name) {
        operation.addParameter(
                OASFactory.createParameter().in(Parameter.In.PATH).name(name));
    }

    private Map<String, String> completed(String path) {
        document.paths(OASFactory.createPaths()
                .addPathItem(path, OASFactory.createPathItem().POST(operation)));
        new CommonAnswers(new org.jboss.jandex.Indexer().complete()).filterOpenAPI(document);
        Map<String, String> answers = new TreeMap<>();
        operation
                .getResponses()
                .getAPIResponses()
                .forEach((status, answer) -> answers.put(status, answer.getDescription()));
        return answers;
    }
}
