package org.vitrina.migrations;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vitrina.migrations.MigrationException.Kind;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The command line of {@link Migrations}. */
public final class Main {
    /** Where these are looked for when the command line has none. */
    static final String URL_VARIABLE = "VITRINA_DB_URL";

    static final String USER_VARIABLE = "VITRINA_DB_USER";
    static final String PASSWORD_VARIABLE = "VITRINA_DB_PASSWORD";

    /** A folder with one change log a service; with it the first argument is the service's name. */
    static final String CHANGE_LOGS_VARIABLE = "VITRINA_CHANGELOGS";

    static final int PENDING_EXIT_CODE = 7;

    static final String HELP =
            """
            Brings the schema of one PostgreSQL database forward or back.

              up        applies the pending change sets, oldest first
              down N    takes the newest N change sets back
              status    lists how every change set stands

              --url URL          jdbc:postgresql://host:5432/name (or VITRINA_DB_URL in the environment); of a primary and its
                                 replicas all, commas between
              --user NAME        the role that owns the schema (or VITRINA_DB_USER)
              --password TEXT    better in the environment: VITRINA_DB_PASSWORD
              --changelog DIR    the SQL files NNNN-name.sql (Liquibase formatted SQL), in order of name
              --contexts A,B     contexts turned on (default demo; '' for none)
              --wait SECONDS     wait so long for a database that does not answer yet (default 0)
              --lock-wait SECONDS  wait so long while another run works (default 300)

            An edited applied change set, and a pending one ordered before the newest applied, are refused. Applied
            ones that only a newer release knows are left alone if they carry labels:compatible, else refused.
            Several runs at once take turns; a killed run leaves neither a lock nor half a change set.

            Exit codes: 0 done (status: nothing pending), 1 unexpected failure, 2 wrong command line or change log,
            3 database not reachable, 4 refused, 5 a change set failed and was undone, 6 another run held the lock
            for too long, 7 status: change sets are pending.

            A file NNNN-platform.txt lists platform's tables (outbox, handled_event, parked_message, idempotency_record) that
            the service uses: there this program brings its own change sets for them, in an order of their own. down counts
            the service's own; platform's go back only with one that comes before that file.

            Where VITRINA_CHANGELOGS names a folder with a change log for each service, as in the container image, the
            service comes first and --changelog is not needed: products up, products down 1, products status.
            """;

    private static final List<String> OPTIONS =
            List.of("--url", "--user", "--password", "--changelog", "--contexts", "--wait", "--lock-wait");

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), System.getenv(), System.out, System.err));
    }

    static int run(List<String> args, Map<String, String> environment, PrintStream out, PrintStream err) {
        if (args.contains("--help") || args.contains("-h")) {
            out.print(HELP);
            return 0;
        }
        try {
            return run(Arguments.parse(args, environment), out, err);
        } catch (MigrationException e) {
            err.println(e.sentence());
            return e.kind().exitCode();
        } catch (RuntimeException e) {
            err.println("Unexpected failure, please report it with these lines:");
            e.printStackTrace(err);
            return 1;
        }
    }

    private static int run(Arguments arguments, PrintStream out, PrintStream err) {
        Migrations migrations = Migrations.of(arguments.address(), arguments.changeLog())
                .withContexts(arguments.contexts())
                .withDatabaseTimeout(arguments.databaseTimeout())
                .withLockTimeout(arguments.lockTimeout())
                .withProgress(err::println);
        return switch (arguments.command()) {
            case "up" -> {
                Migrations.Outcome outcome = migrations.up();
                outcome.leftAlone()
                        .forEach(id -> out.println("left alone " + id + " (of a newer release, compatible)"));
                out.println(outcome.size() == 0 ? "nothing pending" : "applied " + outcome.size() + " change sets");
                yield 0;
            }
            case "down" -> {
                out.println("took back " + migrations.down(arguments.count()).size() + " change sets");
                yield 0;
            }
            default -> status(migrations.status(), out);
        };
    }

    private static int status(List<ChangeSetStatus> all, PrintStream out) {
        all.forEach(one -> out.println(one.id() + "  " + one.state().text()));
        if (all.stream().anyMatch(one -> one.state().refused())) {
            return Kind.REFUSED.exitCode();
        }
        return all.stream().anyMatch(one -> one.state() == ChangeSetStatus.State.PENDING) ? PENDING_EXIT_CODE : 0;
    }

    private record Arguments(
            String command,
            int count,
            DatabaseAddress address,
            Path changeLog,
            Set<String> contexts,
            Duration databaseTimeout,
            Duration lockTimeout) {

        static Arguments parse(List<String> args, Map<String, String> environment) {
            ParseResult given = parsed(args);
            Deque<String> words = new ArrayDeque<>(given.matchedPositionalValue(0, List.<String>of()));
            String changeLog = environment.containsKey(CHANGE_LOGS_VARIABLE)
                    ? changeLogOf(next(words), environment.get(CHANGE_LOGS_VARIABLE))
                    : null;
            String command = next(words);
            if (!Set.of("up", "down", "status").contains(command)) {
                throw MigrationException.usage(
                        "The first argument must be up, down or status, but is '" + command + "': see --help.");
            }
            int count = command.equals("down") ? number(next(words), "down") : 0;
            if (!given.unmatched().isEmpty() || !words.isEmpty()) {
                String unknown = given.unmatched().isEmpty()
                        ? next(words)
                        : given.unmatched().getFirst();
                throw MigrationException.usage("'" + unknown + "' is unknown: see --help.");
            }
            return new Arguments(
                    command,
                    count,
                    new DatabaseAddress(
                            value(given, "--url", environment.get(URL_VARIABLE)),
                            value(given, "--user", environment.get(USER_VARIABLE)),
                            value(given, "--password", environment.getOrDefault(PASSWORD_VARIABLE, ""))),
                    Path.of(value(given, "--changelog", changeLog)),
                    words(value(given, "--contexts", Migrations.DEMO)),
                    Duration.ofSeconds(number(value(given, "--wait", "0"), "--wait")),
                    Duration.ofSeconds(number(value(given, "--lock-wait", "300"), "--lock-wait")));
        }

        private static ParseResult parsed(List<String> args) {
            CommandSpec spec = CommandSpec.create();
            OPTIONS.forEach(option ->
                    spec.addOption(OptionSpec.builder(option).type(String.class).build()));
            spec.addPositional(PositionalParamSpec.builder()
                    .arity("0..*")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .build());
            CommandLine line = new CommandLine(spec)
                    .setUnmatchedArgumentsAllowed(true)
                    .setOverwrittenOptionsAllowed(true)
                    .setAllowOptionsAsOptionParameters(true)
                    // a password may begin with @
                    .setExpandAtFiles(false);
            try {
                return line.parseArgs(args.toArray(String[]::new));
            } catch (MissingParameterException e) {
                throw MigrationException.usage("'" + args.getLast() + "' lacks its value: see --help.");
            }
        }

        private static String next(Deque<String> words) {
            return words.isEmpty() ? "" : words.removeFirst();
        }

        private static String changeLogOf(String service, String folder) {
            String[] known = Path.of(folder).toFile().list();
            if (known == null) {
                throw MigrationException.usage(CHANGE_LOGS_VARIABLE + " names " + folder + ", which is no folder.");
            }
            Arrays.sort(known);
            if (!List.of(known).contains(service)) {
                throw MigrationException.usage("The first argument must be one of " + String.join(", ", known)
                        + ", but is '" + service + "': see --help.");
            }
            return Path.of(folder, service).toString();
        }

        private static String value(ParseResult given, String option, @Nullable String otherwise) {
            String value = given.matchedOptionValue(option, otherwise);
            if (value == null) {
                throw MigrationException.usage(option + " is missing: see --help.");
            }
            return value;
        }

        private static Set<String> words(String list) {
            Set<String> words = new LinkedHashSet<>();
            for (String word : list.split(",", -1)) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
            return words;
        }

        private static int number(String text, String what) {
            try {
                int number = Integer.parseInt(text);
                if (number >= 0) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // the sentence below says it
            }
            throw MigrationException.usage(
                    what + " needs a whole number that is not negative, but got '" + text + "': see --help.");
        }
    }
}
