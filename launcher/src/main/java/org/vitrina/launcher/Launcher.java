package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.vitrina.launcher.spec.SpecException;

/** The program behind {@code ./vitrina up|down|status|migrate|redrive|train|generate}; the bash command finds a JDK, builds and calls it. */
public final class Launcher {
    private Launcher() {}

    /** @param arguments the project's folder, the sub-command, its options */
    public static void main(String[] arguments) {
        System.exit(run(Arrays.asList(arguments)));
    }

    private static int run(List<String> arguments) {
        try {
            Path project = Path.of(arguments.get(0));
            Arguments options = Arguments.parse(project, arguments.subList(2, arguments.size()));
            return switch (arguments.get(1)) {
                case "up" -> new UpCommand(project, options).run();
                case "down" -> new DownCommand(options).run();
                case "status" -> new StatusCommand(project, options).run();
                case "migrate" -> new MigrateCommand(project, options).run();
                case "redrive" -> new RedriveCommand(project, options).run();
                case "generate" -> new GenerateCommand(project).run();
                case "train" -> new TrainCommand(project, options).run();
                default -> throw new Arguments.UsageException("There is no command '" + arguments.get(1) + "'.");
            };
        } catch (Arguments.UsageException e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (StartException | SpecException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }
}
