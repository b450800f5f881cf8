package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Levels changed at the management port of a real server, and what its loggers make of it. */
@QuarkusTest
class LogLevelSwitchTest {
    /** Nobody else's. */
    private static final String NAME = "org.other.thing";

    private static final Logger LOG = Logger.getLogger(NAME);

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @AfterEach
    void end() throws Exception {
        Http http = new Http(management);
        assertThat(http.send(http.to("/ops/log-levels/" + NAME).DELETE()).status())
                .isEqualTo(204);
    }

    private Http.Answer set(String logger, String json, String... headers) throws Exception {
        HttpRequest.Builder request = new Http(management)
                .to("/ops/log-levels/" + logger)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new Http(management).send(request);
    }

    private JsonNode told() throws Exception {
        return new Http(management).get("/ops/log-levels").json().path("levels");
    }

    @Test
    void aLevelIsOtherUntilItsTimeIsOver() throws Exception {
        assertThat(LOG.isDebugEnabled()).isFalse();

        assertThat(set(NAME, "{\"level\":\"DEBUG\",\"for_ms\":1500}").status()).isEqualTo(200);
        assertThat(LOG.isDebugEnabled()).isTrue();
        assertThat(Logger.getLogger(NAME + ".below").isDebugEnabled()).isTrue();
        assertThat(told().path(0).path("logger").asText()).isEqualTo(NAME);
        assertThat(told().path(0).path("level").asText()).isEqualTo("DEBUG");
        assertThat(told().path(0).path("left_ms").asLong()).isBetween(0L, 1_500L);

        await().atMost(Duration.ofSeconds(20)).until(() -> !LOG.isDebugEnabled());
        assertThat(LOG.isInfoEnabled()).isTrue();
        assertThat(told()).isEmpty();
    }

    @Test
    void aSecondChangeTakesThePlaceOfTheFirstAndItsEndGivesBackWhatWasBeforeBoth() throws Exception {
        assertThat(set(NAME, "{\"level\":\"DEBUG\"}").status()).isEqualTo(200);
        assertThat(set(NAME, "{\"level\":\"ERROR\"}").status()).isEqualTo(200);
        assertThat(LOG.isInfoEnabled()).isFalse();
        assertThat(told()).hasSize(1);

        end();
        assertThat(LOG.isInfoEnabled()).isTrue();
        assertThat(LOG.isDebugEnabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"level\":\"LOUD\"}|level",
                "{}|level",
                "{\"level\":\"DEBUG\",\"for_ms\":0}|for_ms",
                "{\"level\":\"DEBUG\",\"for_ms\":3600001}|for_ms",
                "{\"level\":\"DEBUG\",\"until\":1}|until"
            })
    void whatIsNoLevelIsRefused(String json, String field) throws Exception {
        Http.Answer answer = set(NAME, json);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("violations").path(0).path("field").asText())
                .isEqualTo(field);
        assertThat(told()).isEmpty();
    }

    @Test
    void aPageOfABrowserAndANameThatIsNoneAreRefused() throws Exception {
        assertThat(set(NAME, "{\"level\":\"DEBUG\"}", "Origin", "http://elsewhere")
                        .status())
                .isEqualTo(403);
        assertThat(set("%20", "{\"level\":\"DEBUG\"}").status()).isEqualTo(400);
        assertThat(set(NAME, "no json").status()).isEqualTo(400);
        assertThat(told()).isEmpty();
    }
}
