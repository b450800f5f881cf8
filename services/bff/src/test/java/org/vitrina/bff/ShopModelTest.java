package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** The form that asks the model about ten features, and the page on which its answer comes. */
@QuarkusTest
class ShopModelTest extends BffTest {
    private static final String ID = "8d0f3a52-97b1-4f3c-9a61-0d6a7f1c2b3e";
    private static final String PENDING = "{\"request_id\":\"" + ID + "\",\"status\":\"pending\"}";
    private static final String DONE =
            "{\"request_id\":\"" + ID + "\",\"status\":\"done\",\"value\":150.647483,\"model_version\":\"v-7\"}";

    @Test
    void hasAKeyOfItsOwnAndBeginsWithAProductsFeatures() {
        behind.products()
                .answer(Answer.json("{\"product_id\":3,\"product_name\":\"P\",\"price\":\"1.00\",\"features\":"
                        + "[0.1,-0.2,3,4,5,6,7,8,9,1.0E-3]}"));

        assertThat(html("/shop/products/3")).contains("href=\"/shop/model?product=3\"");
        assertThat(html("/shop/model?product=3"))
                .containsPattern("name=\"key\" value=\"[0-9a-f-]{36}\"")
                .containsPattern("name=\"f1\"[^>]* value=\"0.1\"")
                .containsPattern("name=\"f2\"[^>]* value=\"-0.2\"")
                .containsPattern("name=\"f10\"[^>]* value=\"0.001\"");
        behind.products().answer(Answer.status(500));
        assertThat(html("/shop/model?product=3")).containsPattern("name=\"f10\"[^>]* value=\"\"");
    }

    @Test
    void asksOnceAndLeadsToTheAnswersPage() {
        behind.predictions().answer(Answer.of(202, Map.of(), PENDING));

        assertThat(ask("k-1", "0,5").is(303).header("Location"))
                .isEqualTo("/shop/model/" + ID + "?told=asked&form=k-1");

        FakeService.Request sent = behind.predictions().requests().getLast();
        assertThat(sent.method() + " " + sent.target()).isEqualTo("POST /predictions/requests");
        assertThat(sent.header("Idempotency-Key")).isEqualTo("k-1");
        assertThat(sent.body()).isEqualTo("{\"features\":[0.5,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0]}");

        behind.predictions().answer(Answer.of(202, Map.of("Idempotent-Replayed", "true"), PENDING));
        assertThat(ask("k-1", "0.5").is(303).header("Location"))
                .isEqualTo("/shop/model/" + ID + "?told=asked-before&form=k-1");
        assertThat(html("/shop/model/" + ID + "?told=asked-before")).contains("the one question it became");
    }

    @Test
    void theAnswersPageWaitsWithAndWithoutAScriptAndThenShowsIt() {
        behind.predictions().answer(Answer.json(PENDING));
        assertThat(html("/shop/model/" + ID + "?told=asked"))
                .contains(
                        "has not answered yet",
                        "data-status=\"pending\" data-events=\"/predictions/requests/" + ID + "/events\"")
                .contains(
                        "<noscript><meta http-equiv=\"refresh\" content=\"2;url=/shop/model/" + ID + "\"></noscript>");

        behind.predictions().answer(Answer.json(DONE));
        assertThat(html("/shop/model/" + ID))
                .contains("<strong>150.65</strong>", "v-7")
                .doesNotContain("data-events");
        assertThat(shop.get("/shop/model/" + ID, "Accept", "text/html", "Accept-Language", "ru")
                        .body())
                .contains("<strong>150,65</strong>");

        behind.predictions().answer(Answer.status(404));
        shop.get("/shop/model/" + UUID.randomUUID(), "Accept", "text/html").is(404);
        behind.predictions().answer(Answer.status(500));
        assertThat(html("/shop/model/" + ID)).contains("This cannot be told right now");
    }

    @Test
    void whatIsNoNumberIsSaidAndNothingIsAsked() {
        Shop.Answer answer = ask("k-2", "much");

        assertThat(answer.is(400).body())
                .contains("Some of these are no numbers")
                .containsPattern("name=\"f1\"[^>]* value=\"much\" aria-invalid=\"true\"")
                .containsPattern("name=\"f2\"[^>]* value=\"2\">")
                .contains("name=\"key\" value=\"k-2\"");
        assertThat(posts()).isEmpty();
    }

    @Test
    void anUnknownOutcomeIsOfferedAgainUnderTheSameKey() {
        behind.predictions().answer(Answer.CLOSES);

        assertThat(ask("k-3", "1").is(504).body())
                .contains("It is not known yet", "name=\"key\" value=\"k-3\"", "name=\"f10\" value=\"10\"");
        assertThat(posts().stream().map(sent -> sent.header("Idempotency-Key")).distinct())
                .containsExactly("k-3");
    }

    private List<FakeService.Request> posts() {
        return behind.predictions().requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    private String html(String path) {
        return shop.get(path, "Accept", "text/html").is(200).body();
    }

    private Shop.Answer ask(String key, String first) {
        String rest = IntStream.rangeClosed(2, 10)
                .mapToObj(number -> "&f" + number + "=" + number)
                .collect(Collectors.joining());
        String fields = "key=" + key + "&f1=" + URLEncoder.encode(first, StandardCharsets.UTF_8) + rest;
        return shop.send("POST", "/shop/model", fields, "Content-Type", "application/x-www-form-urlencoded");
    }
}
