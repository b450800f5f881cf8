package org.vitrina.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has a service of the running instance take up its dead letters, until none is left. */
@Command(name = "redrive")
final class RedriveCommand implements Callable<Integer> {
    /** A service looks through each of its queues for up to 20 s. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

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
        URI url = URI.create("http://127.0.0.1:" + port + "/ops/redrive");
        try (var calls = new OperatorCalls(LIMIT, instance.directory())) {
            for (int some = redrive(calls, url); some > 0; some = redrive(calls, url)) {
                all += some;
            }
        } catch (OperatorCalls.Refused e) {
            throw new StartException(
                    all + " dead letters of " + service + " taken up again, the others not. " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartException(
                    service + " did not answer (" + e + ") after " + all + " dead letters; try again.", e);
        }
        System.out.println(all + " dead letters of " + service + " taken up again.");
        return 0;
    }

    private static int redrive(OperatorCalls calls, URI url) throws IOException, OperatorCalls.Refused {
        return calls.ask("POST", url).get("redriven") instanceof Integer count ? count : 0;
    }
}
