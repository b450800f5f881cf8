package org.vitrina.contracts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vitrina.contracts.Verdict.Outcome;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./vitrina verify}, and what the jar runs: judges a service, prints what it finds, and ends with 1 where a rule is broken. */
@Command(name = "verify")
public final class VerifyCommand implements Callable<Integer> {
    private static final int BROKEN = 1;
    private static final int MISUSED = 2;

    @Parameters(paramLabel = "SERVICE", arity = "0..1")
    private String service = "";

    @Parameters(paramLabel = "URL", arity = "0..1")
    private String url = "";

    @Option(names = "--management")
    private String management = "";

    @Option(names = "--token")
    private @Nullable Path token;

    @Option(names = "--other-token")
    private @Nullable Path stranger;

    @Option(names = "--only", split = ",")
    private Set<String> only = new TreeSet<>();

    @Option(names = "--rules")
    private boolean listed;

    @Option(names = "--json")
    private @Nullable Path json;

    @Option(names = "--junit")
    private @Nullable Path junit;

    @Option(names = {"-h", "--help"})
    private boolean help;

    @Spec
    private @Nullable CommandSpec command;

    /** Ends the process: 0 kept, 1 broken or nobody there, 2 wrong command line. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        return new CommandLine(new VerifyCommand())
                .setParameterExceptionHandler((misused, words) -> {
                    System.err.println(misused.getMessage() + " See --help.");
                    return MISUSED;
                })
                .setExecutionExceptionHandler((failed, command, parsed) -> {
                    if (failed instanceof IOException unwritten) {
                        System.err.println("The report could not be written: " + TestedService.why(unwritten) + ".");
                        return BROKEN;
                    }
                    throw failed;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        if (help) {
            System.out.print(helpText());
            return 0;
        }
        ServiceContract contract = Contracts.of(service)
                .orElseThrow(() -> misused(
                        service.isEmpty()
                                ? "Which service? There are rules for " + Contracts.names() + "."
                                : "There are no rules for '" + service + "', but for " + Contracts.names() + "."));
        List<Rule> rules = chosen(contract);
        if (listed) {
            rules.forEach(rule -> System.out.println(rule.id() + ": " + rule.todo() + "\n    " + rule.sentence()));
            return 0;
        }
        TestedAddress address = new TestedAddress(
                address(url),
                management.isEmpty() ? Optional.empty() : Optional.of(address(management)),
                read(token),
                read(stranger));
        return answers(contract, address) ? judge(rules, address) : BROKEN;
    }

    private List<Rule> chosen(ServiceContract contract) {
        List<Rule> rules = contract.rules();
        for (String id : only) {
            if (rules.stream().noneMatch(rule -> rule.id().equals(id))) {
                throw misused("There is no rule '" + id + "' for " + service + "; --rules lists them.");
            }
        }
        return only.isEmpty()
                ? rules
                : rules.stream().filter(rule -> only.contains(rule.id())).toList();
    }

    private URI address(String text) {
        if (!text.matches("https?://[^/?#\\s]+(/[^?#\\s]*)?")) {
            throw misused("'" + text + "' is no address of a service, such as http://127.0.0.1:8003.");
        }
        return URI.create(text);
    }

    private Optional<String> read(@Nullable Path file) {
        if (file == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            throw misused("The token in " + file + " cannot be read: " + TestedService.why(e) + ".");
        }
    }

    private ParameterException misused(String sentence) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), sentence);
    }

    /** Says it where there is nothing to judge: every rule would be broken in the same way. */
    private static boolean answers(ServiceContract contract, TestedAddress address) {
        try (TestedService tested = new TestedService(address)) {
            Exchange first = tested.get(contract.firstQuestion());
            if (first.status() == 401 || first.status() == 403) {
                System.err.println(
                        first.call() + " was answered " + first.status()
                                + ": the service asks who calls; name a file with a token of the roles service, admin and operator by --token.");
                return false;
            }
            return true;
        } catch (BrokenRule e) {
            System.err.println(
                    e.getMessage() + " Nothing was judged: start the service, or correct " + address.http() + ".");
            return false;
        }
    }

    private int judge(List<Rule> rules, TestedAddress address) throws IOException {
        System.out.println(service + " at " + address.http() + ", by " + rules.size() + " rules");
        long begun = System.nanoTime();
        List<Verdict> verdicts = Verification.judge(
                rules,
                address,
                verdict -> System.out.println(Reports.text(verdict)),
                left -> System.out.println("              left behind: '" + left + "' did not work"));
        if (json != null) {
            Reports.json(json, service, address, verdicts);
        }
        if (junit != null) {
            Reports.junit(junit, service, verdicts);
        }
        long broken = Reports.count(verdicts, Outcome.BROKEN);
        System.out.printf(
                Locale.ROOT,
                "%d kept, %d broken, %d not judged, in %.1f s: %s%n",
                Reports.count(verdicts, Outcome.KEPT),
                broken,
                Reports.count(verdicts, Outcome.NOT_JUDGED),
                (System.nanoTime() - begun) / 1e9,
                broken == 0
                        ? service + " keeps its contract as far as it was judged."
                        : service + " does not keep its contract.");
        return broken == 0 ? 0 : BROKEN;
    }

    private static String helpText() {
        try (InputStream text = VerifyCommand.class.getResourceAsStream("verify.txt")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
