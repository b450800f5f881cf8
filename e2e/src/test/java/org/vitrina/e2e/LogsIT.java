package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.proxy.Fault;

/** Every line that the store has written so far, by whatever suite ran before, is an event that a collector takes. */
class LogsIT {
    private static final Store STORE = Store.running();
    private static final String PHONE = "+79991112233";
    private static final String ADDRESS = "Gorokhovaya ulitsa 2";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void everyLineIsAnEventAndTellsNothingOfACustomer() throws Exception {
        STORE.heal();
        Map<String, Integer> before = new HashMap<>();
        Store.LOGGING.forEach(service -> before.put(service, STORE.log(service).size()));

        for (String service : Store.LOGGING) {
            String url = STORE.stack().address(service).url();
            send(url + "/no/such/thing?" + "x".repeat(3_000), "{");
            send(url + "/api/v1/orders/?user_id=3", order("\"price\":\"not a number\""));
        }
        send(STORE.stack().address("bff").url() + "/api/v1/orders/?user_id=3", order("\"price\":\"0.01\""));
        STORE.proxy("cart").inject(Fault.HANGS);
        STORE.uncached().pages(3);
        STORE.proxy("cart").heal();

        for (String service : Store.LOGGING) {
            List<String> lines = STORE.log(service);
            assertThat(lines).as(service).isNotEmpty();
            EcsLines.check(service, lines, PHONE, ADDRESS);
            EcsLines.withoutStackTraces(service, lines.subList(before.getOrDefault(service, 0), lines.size()));
        }
        STORE.heal();
    }

    private static String order(String price) {
        return "{\"products\":[{\"id\":1,%s,\"quantity\":1}],\"shipping_to\":\"%s\",\"phone\":\"%s\"}"
                .formatted(price, ADDRESS, PHONE);
    }

    private void send(String url, String body) throws Exception {
        http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }
}
