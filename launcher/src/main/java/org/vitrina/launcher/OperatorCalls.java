package org.vitrina.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** What a command asks of a service under {@code /ops}. */
final class OperatorCalls implements AutoCloseable {
    private static final int OK = 200;
    private static final int CONFLICT = 409;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Duration limit;
    private final Optional<String> token;

    /**
     * @param limit what one answer may take
     * @param directory of the instance, whose key says that an operator asks; without one nobody wants to know
     */
    OperatorCalls(Duration limit, Path directory) {
        this.limit = limit;
        this.token = InstallKey.existing(directory).map(key -> key.token("operator", Set.of("operator")));
    }

    /** The service says why it does not do it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    /**
     * Asks and reads what is answered.
     *
     * @throws Refused for a 409
     * @throws IOException where there is no answer, or none of success
     */
    Map<?, ?> ask(String method, URI url) throws IOException, Refused {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).timeout(limit).method(method, BodyPublishers.noBody());
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        HttpResponse<String> answer;
        try {
            answer = http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
        if (answer.statusCode() == CONFLICT) {
            throw new Refused(String.valueOf(read(answer.body()).get("detail")));
        }
        if (answer.statusCode() != OK) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return read(answer.body());
    }

    /** JSON is YAML, and the launcher has a reader of that. */
    private static Map<?, ?> read(String json) throws IOException {
        try {
            Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
            if (read instanceof Map<?, ?> members) {
                return members;
            }
        } catch (YAMLException e) {
            // said below
        }
        throw new IOException("no JSON object: " + json);
    }

    @Override
    public void close() {
        http.close();
    }
}
