package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.testing.browser.Browser;
import org.vitrina.testing.http.Answer;

/** {@code /ops}: its markup, its forms before a service's switch, and the page in a real browser. */
@QuarkusTest
class OpsPageTest extends BffTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String NO_FAULTS = "{\"faults\":[]}";

    /** What another replica tells of itself. */
    private static final String OTHER =
            """
            {"instance":"other · 7","pages":{"complete":5,"failed":0,"degraded":{"timeout":2}},
             "dependencies":[{"name":"products","breaker":"closed"},{"name":"cart","breaker":"open"}],
             "cache":{},"limit":{"limit":64,"in_flight":3,"waiting":2,"rejected":0}}""";

    @BeforeEach
    void quiet() {
        behind.management().answer(Answer.json(NO_FAULTS));
        behind.management().forget();
    }

    @AfterEach
    void off() {
        behind.management().answer(Answer.json(NO_FAULTS));
    }

    private String page() {
        return shop.get("/ops", "Accept", "text/html").is(200).body();
    }

    private String form(String path, String fields) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(fields))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElse("");
    }

    private List<String> changes() {
        return behind.management().requests().stream()
                .filter(each -> !each.method().equals("GET"))
                .map(each -> each.method() + " " + each.target() + " " + each.body())
                .toList();
    }

    @Test
    void tellsOfEachServiceAndOfWhatCallersGot() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            shop.get("/products/all").is(200);
            assertThat(page()).contains("Everybody gets whole pages.");
        });
        assertThat(page())
                .contains("<svg class=\"map\"", "<svg class=\"got\"", "Complete: ", "This is replica ")
                .contains("<th scope=\"row\">inventory</th>", "<th scope=\"row\">predictions</th>")
                .contains("action=\"/ops/faults\"");
        behind.inventory().answer(Answer.status(500));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            shop.get("/products/all").is(200);
            assertThat(page())
                    .contains("Pages come, and say what is missing or old.")
                    .contains("Pages are incomplete, and say so.");
        });
    }

    @Test
    void tellsReplicasOfTheBffApart() {
        assertThat(page()).doesNotContain("Replicas of the BFF");
        behind.management().answer(asked -> Answer.json(asked.target().equals("/ops/resilience") ? OTHER : NO_FAULTS));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(page())
                .contains("Replicas of the BFF", " (this one)</th>")
                .contains("<th scope=\"row\">other · 7</th>", "<td>3 of 64</td><td>2</td><td>cart</td>"));
        behind.management().answer(Answer.json(NO_FAULTS));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(page()).doesNotContain("other · 7"));
    }

    @Test
    void keepsItsPolicyAndSpeaksRussian() {
        Shop.Answer answer =
                shop.get("/ops", "Accept", "text/html", "Accept-Language", "ru").is(200);
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(answer.body()).contains("lang=\"ru\"", "Прогулка в шесть шагов", "Включённые сбои");
    }

    private static final String ORDER = "019ad000-0000-7000-8000-00000000000a";

    private static final String PAST =
            """
            {"order_id":"%s","user_id":7,"status":"cancelling","created_at":"2026-11-30T12:00:00Z","reason":null,
             "waits":{"step":"compensate","on":["wallet","inventory"],"tries":4,"next_at":"2026-11-30T12:05:06.7Z"},
             "steps":[{"step":"charge","status":"pending","tries":1,"ended_at":"2026-11-30T12:00:01.5Z",
                       "led_by":"orders@pod-a/1"}],
             "events":[{"event_id":"e","type":"order.cancelling","state":"outbox","since":"2026-11-30T12:04:00Z"}],
             "messages":[{"event_id":"m","type":"order.confirmed","state":"sent","reason":null,"tries":2,
                          "received_at":"2026-11-30T12:00:02Z","settled_at":"2026-11-30T12:00:03Z"}],
             "messages_missing":null}"""
                    .formatted(ORDER);

    @Test
    void showsWhatOneOrderHasBeenThroughAsAPageAndAsItIs() {
        behind.orders().answer(Answer.json(PAST));

        assertThat(shop.get("/ops", "Accept", "text/html").body()).contains("action=\"/ops/orders\"");
        assertThat(shop.get("/ops/orders?id=" + ORDER, "Accept", "text/html").header("Location"))
                .isEqualTo("/ops/orders/" + ORDER);
        assertThat(shop.get("/ops/orders/" + ORDER, "Accept", "text/html")
                        .is(200)
                        .body())
                .contains("It waits at step compensate for wallet, inventory; tries beyond the first: 4; next one:"
                        + " 2026-11-30 12:05:06 UTC.")
                .contains("<th scope=\"row\">charge</th><td>pending</td><td>1</td><td>2026-11-30 12:00:01 UTC</td>"
                        + "<td>orders@pod-a/1</td>")
                .contains("order.cancelling: outbox, 2026-11-30 12:04:00 UTC")
                .contains("order.confirmed: sent, 2026-11-30 12:00:03 UTC, tries: 2");
        assertThat(shop.get("/ops/orders/" + ORDER, "Accept", "text/html", "Accept-Language", "ru")
                        .body())
                .contains("lang=\"ru\"", "Ждёт на шаге compensate: wallet, inventory", "30.11.2026 12:00:01 UTC");
        assertThat(shop.get("/ops/orders/" + ORDER).is(200).json()).isEqualTo(new JsonObject(PAST));
        assertThat(behind.orders().requests()).last().satisfies(asked -> assertThat(asked.target())
                .isEqualTo("/ops/orders/" + ORDER));
    }

    @Test
    void saysOfAnOrderThatIsNotThereOrCannotBeLookedAt() {
        shop.get("/ops/orders/x").is(400);
        shop.get("/ops/orders/x", "Accept", "text/html").is(400);
        behind.orders().answer(Answer.of(404, Map.of("Content-Type", "application/problem+json"), "{}"));
        shop.get("/ops/orders/" + ORDER).is(404);
        behind.orders().answer(Answer.status(500));
        assertThat(shop.get("/ops/orders/" + ORDER, "Accept", "text/html").body())
                .contains("/ops/orders/" + ORDER);
        behind.orders()
                .answer(Answer.json(PAST.replaceAll("(?s)\"messages\":\\[.*?]", "\"messages\":null")
                        .replace("\"messages_missing\":null", "\"messages_missing\":\"timeout\"")));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        shop.get("/ops/orders/" + ORDER, "Accept", "text/html").body())
                .contains("notifications did not say: timeout."));
    }

    @Test
    void switchesAFaultOnInTheServiceThatItIsFor() throws Exception {
        assertThat(form(
                        "/ops/faults",
                        "service=inventory&kind=latency&delay=700&share=50&seconds=20&route=%2Finventory"))
                .isEqualTo("/ops?told=fault-on");
        assertThat(changes())
                .containsExactly("PUT /ops/faults/page {\"kind\":\"latency\",\"route\":\"/inventory\",\"share\":0.5,"
                        + "\"for_ms\":20000,\"delay_ms\":700}");
        assertThat(shop.get("/ops?told=fault-on", "Accept", "text/html").body()).contains("It ends by itself.");
    }

    @ParameterizedTest
    @CsvSource({"nobody, 200", "inventory, 400", "inventory, 404"})
    void saysWhatWasNotSwitched(String service, int status) throws Exception {
        behind.management().answer(Answer.status(status));
        assertThat(form("/ops/faults", "service=" + service + "&kind=hang&seconds=20"))
                .isEqualTo("/ops?told=fault-not");
    }

    @Test
    void sendsAScheduleAtOnceAndTheSameForTheSameSeed() throws Exception {
        form("/ops/faults/schedule", "seed=7");
        List<String> first = changes();
        behind.management().forget();
        form("/ops/faults/schedule", "seed=7");
        assertThat(first).hasSize(6).isEqualTo(changes());
        assertThat(first.get(5)).contains("\"after_ms\":150000", "/ops/faults/seed-5");
        behind.management().forget();
        form("/ops/faults/schedule", "seed=8");
        assertThat(changes()).isNotEqualTo(first);
    }

    @Test
    void endsAllFaults() throws Exception {
        assertThat(form("/ops/faults/end", "")).isEqualTo("/ops?told=fault-off");
        assertThat(changes()).containsOnly("DELETE /ops/faults ").hasSize(4);
    }

    @Test
    void refusesAFormOfAnotherSite() {
        assertThat(shop.send(
                                "POST",
                                "/ops/faults",
                                "kind=hang&service=inventory&seconds=9",
                                "Content-Type",
                                "application/x-www-form-urlencoded",
                                "Sec-Fetch-Site",
                                "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(changes()).isEmpty();
    }

    @Test
    void showsAFaultAndTheCircuitThatItOpensAndItsEnd() throws IOException {
        try (Browser browser = Browser.start()) {
            showsAFaultAndTheCircuitThatItOpensAndItsEnd(browser);
        }
    }

    private void showsAFaultAndTheCircuitThatItOpensAndItsEnd(Browser browser) {
        try (Browser.Tab tab = browser.tab(1280, 900)) {
            tab.open(base.resolve("/ops")).whole().until("document.querySelectorAll('.map g').length === 9");
            assertThat(tab.evaluate("document.querySelectorAll('[data-send]:not([hidden])').length"))
                    .isEqualTo(1);
            tab.evaluate("document.querySelector('[data-send]').click()");
            tab.until("document.querySelector('.mood.complete') !== null");
            tab.screenshot("ops-complete");

            behind.inventory().answer(Answer.HANGS);
            behind.management()
                    .answer(Answer.json("{\"faults\":[{\"id\":\"page\",\"kind\":\"hang\",\"route\":\"/\",\"share\":1,"
                            + "\"begins_in_ms\":0,\"ends_in_ms\":60000,\"seen\":4,\"met\":4}]}"));
            tab.until("document.querySelector('.map .bad') !== null")
                    .until(
                            "document.querySelector('.course .open') !== null && document.querySelector('.course .fault') !== null")
                    .until("document.querySelector('.mood.degraded') !== null");
            tab.screenshot("ops-open");
            tab.evaluate("scrollTo(0, document.querySelector('.tour').offsetTop - 90)");
            tab.screenshot("ops-tour");

            behind.management().answer(Answer.json(NO_FAULTS));
            behind.inventory().answer(Backs::levels);
            tab.until(
                    "document.querySelector('.map .bad') === null && document.querySelector('.mood.complete') !== null");
            for (int width : new int[] {360, 1920}) {
                tab.size(width, 900).evaluate("scrollTo(0, 0)");
                assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .as("nothing to scroll to the side at %d", width)
                        .isEqualTo(true);
                tab.screenshot("ops-" + width);
            }
            assertThat(tab.complaints()).isEmpty();
            assertThat(tab.requests()).allMatch(each -> each.startsWith(base.toString()));
        }
        try (Browser.Tab tab = browser.tab(1280, 900).colours("dark")) {
            tab.open(base.resolve("/ops")).whole().screenshot("ops-dark");
        }
        try (Browser.Tab tab = browser.tab(1280, 900).withoutScript()) {
            tab.open(base.resolve("/ops"))
                    .until("document.querySelector('.figures td') !== null")
                    .screenshot("ops-without-script");
        }
    }
}
