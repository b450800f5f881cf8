package org.vitrina.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Has every service that keeps something of users erase one of them. Who calls others is asked before them: what it would still
 * tell them goes first, and it refuses while something of the user's is under way.
 */
@Command(name = "erase")
final class EraseCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Mixin
    private final Instance instance;

    @Option(names = "--url")
    private Map<String, URI> urls = new LinkedHashMap<>();

    @Parameters(paramLabel = "USER")
    private String user = "";

    private final Path project;

    EraseCommand(Path project) {
        this.project = project;
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        if (!user.matches("[1-9][0-9]{0,9}") || Long.parseLong(user) > Integer.MAX_VALUE) {
            throw instance.misused("'" + user + "' is no user id: an integer from 1 to " + Integer.MAX_VALUE + ".");
        }
        List<String> services = Services.of(project).all().reversed().stream()
                .filter(ServiceSpec::erases)
                .map(ServiceSpec::name)
                .toList();
        Map<String, URI> addresses = urls.isEmpty() ? running(services) : named(services);
        List<String> done = new ArrayList<>();
        try (var calls = new OperatorCalls(LIMIT, instance.directory())) {
            for (String service : services) {
                Map<?, ?> answer = calls.ask(
                        "DELETE", Objects.requireNonNull(addresses.get(service)).resolve("/ops/users/" + user));
                System.out.println(service + ": " + said(answer));
                done.add(service);
            }
        } catch (OperatorCalls.Refused e) {
            throw new StartException(services.get(done.size()) + " refuses: " + e.getMessage() + after(done), e);
        } catch (IOException e) {
            throw new StartException(
                    services.get(done.size()) + " did not answer (" + e + "); repeat the command when it does."
                            + after(done),
                    e);
        }
        System.out.println("User " + user + " is erased.");
        return 0;
    }

    private static String after(List<String> done) {
        return done.isEmpty() ? "" : " Erased so far: " + String.join(", ", done) + ".";
    }

    private Map<String, URI> running(List<String> services) {
        Map<String, URI> addresses = new LinkedHashMap<>();
        for (String service : services) {
            int port = instance.running(service)
                    .map(RunState.Entry::port)
                    .orElseThrow(() -> new StartException(service + " does not run from " + instance.directory()
                            + ", so that nothing was erased: './vitrina up' starts it."));
            addresses.put(service, URI.create("http://127.0.0.1:" + port));
        }
        return addresses;
    }

    private Map<String, URI> named(List<String> services) {
        List<String> missing =
                services.stream().filter(name -> !urls.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            throw instance.misused("'--url' is needed for every service that keeps something of users: "
                    + String.join(", ", missing) + " have none.");
        }
        return urls;
    }

    /** Such as "2 addresses, 1 answers; kept: …". */
    private static String said(Map<?, ?> answer) {
        List<String> erased = new ArrayList<>();
        if (answer.get("erased") instanceof Map<?, ?> kinds) {
            kinds.forEach((kind, count) -> erased.add(count + " " + kind));
        }
        erased.sort(null);
        List<String> kept = new ArrayList<>();
        if (answer.get("kept") instanceof List<?> sentences) {
            sentences.forEach(sentence -> kept.add(String.valueOf(sentence)));
        }
        return "erased " + String.join(", ", erased) + (kept.isEmpty() ? "" : "; kept: " + String.join("; ", kept));
    }
}
