package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.Arrays;
import org.vitrina.launcher.spec.SpecException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program behind the commands of {@code ./vitrina} that start something or look at what runs; the bash command finds a JDK,
 * builds, calls it, and has the help, which must be there before anything is built.
 */
@Command(name = "vitrina")
public final class Launcher {
    private static final int DID_NOT_WORK = 1;
    private static final int MISUSED = 2;

    private Launcher() {}

    /** @param arguments the project's folder, the command, its options */
    public static void main(String[] arguments) {
        Path project = Path.of(arguments[0]);
        System.exit(commandLine(project).execute(Arrays.copyOfRange(arguments, 1, arguments.length)));
    }

    static CommandLine commandLine(Path project) {
        CommandLine vitrina = new CommandLine(new Launcher())
                .addSubcommand(new UpCommand(project))
                .addSubcommand(new DownCommand(project))
                .addSubcommand(new StatusCommand(project))
                .addSubcommand(new DevCommand(project))
                .addSubcommand(new MigrateCommand(project))
                .addSubcommand(new RedriveCommand(project))
                .addSubcommand(new EraseCommand(project))
                .addSubcommand(new TokenCommand(project))
                .addSubcommand(new RetrainCommand(project))
                .addSubcommand(new TrainCommand(project))
                .addSubcommand(new GenerateCommand(project));
        vitrina.setParameterExceptionHandler((misused, arguments) -> {
            System.err.println(sentence(misused));
            return MISUSED;
        });
        vitrina.setExecutionExceptionHandler((failed, command, parsed) -> {
            if (failed instanceof StartException || failed instanceof SpecException) {
                System.err.println(failed.getMessage());
                return DID_NOT_WORK;
            }
            throw failed;
        });
        return vitrina;
    }

    private static String sentence(ParameterException misused) {
        String command = misused.getCommandLine().getCommandName();
        if (misused instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            return word.startsWith("-")
                    ? "There is no option '" + word + "' here."
                    : "'" + command + "' does not take '" + word + "'; see './vitrina " + command + " --help'.";
        }
        if (misused instanceof MissingParameterException missing
                && missing.getMissing().getFirst() instanceof OptionSpec option) {
            return "'" + option.longestName() + "' needs a value after it.";
        }
        return misused.getMessage() + " See './vitrina " + command + " --help'.";
    }
}
