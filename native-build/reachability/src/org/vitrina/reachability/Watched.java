package org.vitrina.reachability;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrina.launcher.Stack;
import org.vitrina.launcher.StackBuilder;

/** The whole system, started once with the agent in the services that are watched, asked what its contract promises, and ended. */
final class Watched {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    /** On the management port of each. */
    private static final List<String> OPERATIONS = List.of("/q/health/live", "/q/health/ready", "/q/metrics");

    private static final List<String> PUBLISHED = List.of("/q/openapi", "/q/openapi?format=json", "/q/swagger-ui/");

    private static final Pattern ID = Pattern.compile("\"(?:\\w+_)?id\":\"([0-9a-f-]{36})\"");

    private final Path project;
    private final Path agent;
    private final Path folder;
    private final List<String> services;
    private final Map<String, String> planted;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> broken = new ArrayList<>();
    /** Of what was made or shown last. */
    private String id = "none";

    Watched(Path project, Path agent, Path folder, List<String> services, Map<String, String> planted) {
        this.project = project;
        this.agent = agent;
        this.folder = folder;
        this.services = services;
        this.planted = planted;
    }

    /** Where the agent writes what it sees of the service. */
    Path record(String service) {
        return folder.resolve(service + ".look-ups");
    }

    /** Where the methods stand that the service's image replaces, a line each. */
    Path replaced(String service) {
        return folder.resolve(service + ".replaced");
    }

    /** Runs everything; what comes back is what was not answered as promised, a line each. */
    List<String> run() throws IOException, InterruptedException {
        Path directory = folder.resolve("instance");
        StackBuilder builder = Stack.builder(project).directory(directory).timeout(TIMEOUT);
        for (String service : services) {
            String plant = planted.containsKey(service) ? "," + planted.get(service) : "";
            builder.jvm(
                    service,
                    "-Xmx256m",
                    "-javaagent:" + agent + "=" + record(service) + "," + replaced(service) + plant);
        }
        try (Stack stack = builder.start()) {
            stack.awaitReady(TIMEOUT);
            damageAModel(directory);
            for (String service : services) {
                for (String path : OPERATIONS) {
                    ask(
                            Question.get(service, path, 200),
                            stack.managementAddress(service).url());
                }
                for (String path : PUBLISHED) {
                    ask(Question.get(service, path, 200), stack.address(service).url());
                }
                ask(
                        Question.get(service, "/nowhere", 404),
                        stack.address(service).url());
            }
            for (String line : Files.readAllLines(project.resolve("native-build/reachability/questions"))) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    Question question = Question.parse(line);
                    ask(question, stack.address(question.service()).url());
                }
            }
            for (String service : services) {
                int status = stack.terminate(service);
                if (status != 0) {
                    broken.add(service + " ended with " + status);
                }
            }
        }
        return broken;
    }

    private static void damageAModel(Path directory) throws IOException {
        Path models = Files.createDirectories(directory.resolve("models"));
        Files.writeString(models.resolve("damaged.pmml"), "<PMML");
    }

    private void ask(Question question, String root) throws InterruptedException {
        String said = "nothing";
        for (int i = 0; i < question.tries(); i++) {
            try {
                HttpResponse<InputStream> answer =
                        http.send(question.request(root, id), HttpResponse.BodyHandlers.ofInputStream());
                String body = read(question, answer);
                if (question.isAnswered(answer.statusCode(), body)) {
                    Matcher made = ID.matcher(body);
                    id = made.find() ? made.group(1) : id;
                    return;
                }
                said = answer.statusCode() + " " + body;
                if (!question.isWorthAnotherTry(answer.statusCode())) {
                    break;
                }
            } catch (IOException e) {
                said = e.toString();
            }
            Thread.sleep(1_000);
        }
        broken.add(question.sentence() + ", answered " + said);
    }

    /** All of it; of a stream what comes first. */
    private static String read(Question question, HttpResponse<InputStream> answer) throws IOException {
        try (InputStream in = answer.body()) {
            byte[] bytes = question.isStream() ? in.readNBytes(1) : in.readAllBytes();
            byte[] more = question.isStream() ? in.readNBytes(in.available()) : new byte[0];
            return new String(bytes, StandardCharsets.UTF_8) + new String(more, StandardCharsets.UTF_8);
        }
    }
}
