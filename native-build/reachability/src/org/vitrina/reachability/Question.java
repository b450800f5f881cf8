package org.vitrina.reachability;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;

/**
 * A line of {@code native-build/reachability/questions}.
 *
 * @param statuses what the contract promises
 * @param key an idempotency key, {@code -} for none
 * @param body of the request; of an {@code AWAIT} what the answer must contain
 */
record Question(String service, String method, String path, List<Integer> statuses, String key, String body) {
    private static final String AWAIT = "AWAIT";
    private static final String STREAM = "STREAM";

    static Question parse(String line) {
        String[] words = line.split(" ", 6);
        return new Question(
                words[0],
                words[1],
                words[2],
                List.of(words[3].split("\\|")).stream().map(Integer::valueOf).toList(),
                words.length > 4 ? words[4] : "-",
                words.length > 5 ? words[5] : "");
    }

    static Question get(String service, String path, int status) {
        return new Question(service, "GET", path, List.of(status), "-", "");
    }

    /** How often it is asked until it is answered as promised: what the queues bring takes its time, and so does a busy machine. */
    int tries() {
        return method.equals(AWAIT) ? 60 : 3;
    }

    /** A stream does not end by itself. */
    boolean isStream() {
        return method.equals(STREAM);
    }

    /** @param id what {@code {id}} in the path stands for */
    HttpRequest request(String root, String id) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path.replace("{id}", id)))
                .timeout(Duration.ofSeconds(10));
        if (!key.equals("-")) {
            request.header("Idempotency-Key", key);
        }
        if (isGet()) {
            return request.build();
        }
        if (body.isEmpty()) {
            return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
        }
        return request.header(
                        "Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private boolean isGet() {
        return method.equals(AWAIT) || isStream();
    }

    boolean isAnswered(int status, String answer) {
        return statuses.contains(status) && (!isGet() || answer.contains(body));
    }

    /** Whether the server, not the question, may be the reason that another answer came. */
    boolean isWorthAnotherTry(int status) {
        return isGet() || status >= 500 || status == 408;
    }

    String sentence() {
        return service + " " + method + " " + path + ", promised " + statuses;
    }
}
