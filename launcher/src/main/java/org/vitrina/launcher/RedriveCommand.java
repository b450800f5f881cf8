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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/** Has a service of the running instance take up its dead letters, until none is left. */
final class RedriveCommand {
    private static final String USUAL = "notifications";
    private static final Pattern COUNT = Pattern.compile("\"redriven\":([0-9]+)");
    private static final int OK = 200;

    private final Path project;
    private final Arguments arguments;

    RedriveCommand(Path project, Arguments arguments) {
        this.project = project;
        this.arguments = arguments;
    }

    int run() {
        if (arguments.rest().size() > 1) {
            throw new Arguments.UsageException("'redrive' takes one service.");
        }
        String service = arguments.rest().isEmpty() ? USUAL : arguments.rest().getFirst();
        if (Services.of(project).named(service).filter(ServiceSpec::redrives).isEmpty()) {
            throw new Arguments.UsageException("'" + service + "' has no queue that is taken up again.");
        }
        Optional<RunState.Entry> running =
                RunState.read(InstanceFolder.stateFile(arguments.directory())).entries().stream()
                        .filter(entry -> entry.name().equals(service) && entry.isAlive())
                        .findFirst();
        int port = running.map(RunState.Entry::port)
                .orElseThrow(() -> new StartException(
                        service + " does not run from " + arguments.directory() + ": './vitrina up' starts it."));
        int all = 0;
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int some = redrive(http, port); some > 0; some = redrive(http, port)) {
                all += some;
            }
        } catch (IOException e) {
            throw new StartException(
                    service + " did not answer (" + e + ") after " + all + " dead letters; try again.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
        System.out.println(all + " dead letters of " + service + " taken up again.");
        return 0;
    }

    private static int redrive(HttpClient http, int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ops/redrive"))
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        Matcher count = COUNT.matcher(answer.body());
        if (answer.statusCode() != OK || !count.find()) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return Integer.parseInt(count.group(1));
    }
}
