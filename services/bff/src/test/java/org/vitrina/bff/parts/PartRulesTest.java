package org.vitrina.bff.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.bff.PageConfig;
import org.vitrina.testing.config.ConfigCheck;

class PartRulesTest {
    private static final String URL = "http://ratings/ratings?product_ids={ids}";

    @Test
    void theKeysAreAsRecorded() {
        ConfigCheck.of(
                PageConfig.class,
                """
                parts.*.url                | !     | http://elsewhere:8443/{user}
                parts.*.required           | false | true
                parts.*.ttl                | 5s    | 6s                          | 1ms..
                parts.*.max-stale          | 1m    | 7s                          | 0ms..
                parts.*.key                | -     | product_id
                parts.*.value              | -     | stars
                parts.*.label              | -     | Rating
                parts.*.label-ru           | -     | Оценка
                parts.*.timeout            | 1s    | 2s                          | 10ms..1m
                parts.*.hedge-after        | 300ms | 400ms                       | 1ms..
                parts.*.window             | 20    | 3                           | 1..
                parts.*.max-failures       | 14    | 4                           | 1..
                parts.*.reset-interval     | 5s    | 7s
                parts.*.max-retries        | 3     | 6                           | 0..10
                parts.*.retry-interval     | 20ms  | 7ms
                parts.*.retry-jitter       | 20ms  | 8ms
                parts.*.retry-share        | 0.3   | 0.8
                parts.*.retries-per-second | 10    | 9                           | 1..
                parts.*.max-connections    | 512   | 10                          | 1..
                parts.*.max-waiting        | 8192  | 11                          | 0..
                parts.*.connect-timeout    | 500ms | 12ms
                parts.*.max-answer         | 1M    | 13K
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://ratings/ratings?product_ids={ids}      | http://ratings       | /ratings?product_ids={ids}",
                "https://a.example.com:8443/x/{user}/y?z=%20#  | -                    | -",
                "https://a.example.com:8443/x/{user}/y?z=%20   | https://a.example.com:8443 | /x/{user}/y?z=%20",
                "http://[::1]:80?ids={ids}                     | http://[::1]:80      | /?ids={ids}"
            })
    void anAddressHasServerAndTarget(String url, String server, String target) {
        if (server.equals("-")) {
            assertThatThrownBy(() -> PartUrl.parse(url)).hasMessageContaining("is no address such as http://");
        } else {
            assertThat(PartUrl.parse(url).server()).hasToString(server);
            assertThat(PartUrl.parse(url).target()).isEqualTo(target);
        }
    }

    @Test
    void theUsersAndTheProductsIdsAreFilledIn() {
        assertThat(PartUrl.parse(URL).target("1,2")).isEqualTo("/ratings?product_ids=1,2");
        assertThat(PartUrl.parse("http://a/{user}?{user}").target("3")).isEqualTo("/3?3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://ratings/all            | has no placeholder; write {ids}",
                "http://ratings/{id}           | has the unknown placeholder {id}; there are {ids}",
                "http://ratings/{}?{ids}       | has the unknown placeholder {}",
                "http://ratings/{ids}/{user}   | has both {ids} and {user}",
                "ftp://ratings/{ids}           | is no address such as http://ratings",
                "ratings/{ids}                 | is no address such as",
                "http:///{ids}                 | is no address such as",
                "http://{ids}/ratings          | is no address such as",
                "http://ratings{ids}           | is no address such as",
                "http://me:secret@ratings/{ids} | is no address such as",
                "http://rat ings/{ids}         | is no address such as",
                "http://ratings/{ids}/{        | is no address such as",
                "http://ratings:http/{ids}     | is no address such as",
                "http://ratings/a b?{ids}      | is no address such as"
            })
    void aBadAddressIsToldWithWhatToWrite(String url, String said) {
        assertThat(problems("rating", Map.of("url", url, "key", "product_id")))
                .singleElement()
                .asString()
                .startsWith("vitrina.page.parts.rating.url: \"" + url + "\" ")
                .contains(said);
    }

    @ParameterizedTest
    @CsvSource({
        "price, taken by a field",
        "inventory, taken by a field",
        "wallet, taken by a field",
        "Rating, a lower-case letter",
        "my-part, a lower-case letter",
        "product_id, a lower-case letter",
        "1st, a lower-case letter"
    })
    void aNameIsAFieldOfItsOwn(String name, String said) {
        assertThat(problems(name, Map.of("url", URL, "key", "product_id")))
                .singleElement()
                .asString()
                .startsWith("vitrina.page.parts." + name + ": the name is ")
                .contains(said);
    }

    @Test
    void aPartOfProductsNeedsAKeyAndOneOfTheUserNone() {
        assertThat(problems("rating", Map.of("url", URL)))
                .singleElement()
                .asString()
                .startsWith("vitrina.page.parts.rating.key: missing; ")
                .contains("such as product_id");
        assertThat(problems("points", Map.of("url", "http://points/{user}"))).isEmpty();
    }

    @Test
    void aTimeOutIsWithinWhatThePageHas() {
        assertThat(problems("rating", Map.of("url", URL, "key", "id", "timeout", "1s")))
                .isEmpty();
        assertThat(problems("rating", Map.of("url", URL, "key", "id", "timeout", "1001ms")))
                .containsExactly("vitrina.page.parts.rating.timeout: 1001 ms are more than the page has for it, 1000 ms"
                        + " (vitrina.bff.budget less vitrina.bff.products.timeout)");
        assertThat(problems("points", Map.of("url", "http://points/{user}", "timeout", "2s")))
                .isEmpty();
        assertThat(problems("points", Map.of("url", "http://points/{user}", "timeout", "3s")))
                .containsExactly("vitrina.page.parts.points.timeout: 3000 ms are more than the page has for it, 2000 ms"
                        + " (vitrina.bff.budget)");
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(problems(
                        "price", Map.of("url", URL, "timeout", "2s", "label-ru", "x".repeat(41), "max-answer", "3G")))
                .extracting(problem -> problem.split(": ", 2)[0])
                .containsExactly(
                        "vitrina.page.parts.price",
                        "vitrina.page.parts.price.key",
                        "vitrina.page.parts.price.timeout",
                        "vitrina.page.parts.price.max-answer",
                        "vitrina.page.parts.price.label-ru");
    }

    @Test
    void variablesOfTheEnvironmentDeclareThemToo() {
        PageConfig config = config(new EnvConfigSource(
                Map.of(
                        "VITRINA_PAGE_PARTS_RATING_URL", URL,
                        "VITRINA_PAGE_PARTS_RATING_KEY", "product_id",
                        "VITRINA_PAGE_PARTS_RATING_LABEL_RU", "Оценка",
                        "VITRINA_PAGE_PARTS_RATING_MAX_STALE", "10m"),
                300));

        PageConfig.Part rating = Objects.requireNonNull(config.parts().get("rating"));
        assertThat(config.parts()).hasSize(1);
        assertThat(rating.url()).isEqualTo(URL);
        assertThat(rating.key()).contains("product_id");
        assertThat(rating.labelRu()).contains("Оценка");
        assertThat(rating.maxStale()).isEqualTo(Duration.ofMinutes(10));
    }

    private static List<String> problems(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        settings.forEach((key, value) -> all.put("vitrina.page.parts." + name + "." + key, value));
        return PartRules.problems(
                config(new PropertiesConfigSource(all, "test", 100)).parts(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1));
    }

    private static PageConfig config(ConfigSource source) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withMapping(PageConfig.class)
                .withSources(source)
                .build()
                .getConfigMapping(PageConfig.class);
    }
}
