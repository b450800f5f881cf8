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

              --url URL          jdbc:postgresql://host:5432/name (or VITRINA_DB_URL in the environment)
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

            Where VITRINA_CHANGELOGS names a folder with a change log for each service, as in the container image, the
            service comes first and --changelog is not needed: products up, products down 1, products status.
            """;

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
                .withDatabaseTimeout(arguments.databasePatience())
                .withLockTimeout(arguments.lockPatience())
                .withProgress(err::println);
        return switch (arguments.command()) {
            case "up" -> {
                Migrations.Outcome outcome = migrations.up();
                outcome.leftAlone()
                        .forEach(id -> out.println("left alone " + id + " (of a newer release, compatible)"));
                out.println(
                        outcome.changeSets().isEmpty()
                                ? "nothing pending"
                                : "applied " + outcome.changeSets().size() + " change sets");
                yield 0;
            }
            case "down" -> {
                out.println("took back "
                        + migrations.down(arguments.count()).changeSets().size() + " change sets");
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
            Duration databasePatience,
            Duration lockPatience) {

        static Arguments parse(List<String> args, Map<String, String> environment) {
            Deque<String> rest = new ArrayDeque<>(args);
            String changeLog = environment.containsKey(CHANGE_LOGS_VARIABLE)
                    ? changeLogOf(rest.isEmpty() ? "" : rest.removeFirst(), environment.get(CHANGE_LOGS_VARIABLE))
                    : null;
            String command = rest.isEmpty() ? "" : rest.removeFirst();
            if (!Set.of("up", "down", "status").contains(command)) {
                throw MigrationException.usage(
                        "The first argument must be up, down or status, but is '" + command + "': see --help.");
            }
            int count = 0;
            if (command.equals("down")) {
                count = number(rest.isEmpty() ? "" : rest.removeFirst(), "down");
            }
            String url = environment.get(URL_VARIABLE);
            String user = environment.get(USER_VARIABLE);
            String password = environment.getOrDefault(PASSWORD_VARIABLE, "");
            Set<String> contexts = Set.of(Migrations.DEMO);
            int wait = 0;
            int lockWait = 300;
            while (!rest.isEmpty()) {
                String option = rest.removeFirst();
                if (rest.isEmpty()) {
                    throw MigrationException.usage("'" + option + "' is unknown or lacks its value: see --help.");
                }
                String value = rest.removeFirst();
                switch (option) {
                    case "--url" -> url = value;
                    case "--user" -> user = value;
                    case "--password" -> password = value;
                    case "--changelog" -> changeLog = value;
                    case "--contexts" -> contexts = words(value);
                    case "--wait" -> wait = number(value, option);
                    case "--lock-wait" -> lockWait = number(value, option);
                    default -> throw MigrationException.usage("'" + option + "' is unknown: see --help.");
                }
            }
            return new Arguments(
                    command,
                    count,
                    new DatabaseAddress(given(url, "--url"), given(user, "--user"), password),
                    Path.of(given(changeLog, "--changelog")),
                    contexts,
                    Duration.ofSeconds(wait),
                    Duration.ofSeconds(lockWait));
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

        private static String given(@Nullable String value, String option) {
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
