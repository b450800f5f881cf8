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
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has a service of the running instance take up its dead letters, until none is left. */
@Command(name = "redrive")
final class RedriveCommand implements Callable<Integer> {
    private static final Pattern COUNT = Pattern.compile("\"redriven\":([0-9]+)");
    private static final int OK = 200;

    @Mixin
    private final Instance instance;

    @Parameters(paramLabel = "SERVICE", arity = "0..1")
    private String service = "notifications";

    private final Path project;

    RedriveCommand(Path project) {
        this.project = project;
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        if (Services.of(project).named(service).filter(ServiceSpec::redrives).isEmpty()) {
            throw instance.misused("'" + service + "' has no queue that is taken up again.");
        }
        int port = instance.running(service)
                .map(RunState.Entry::port)
                .orElseThrow(() -> new StartException(
                        service + " does not run from " + instance.directory() + ": './vitrina up' starts it."));
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
