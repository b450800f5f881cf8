package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints a token of a user of an instance that was started with {@code --auth demo}: for curl and for programs. */
@Command(name = "token")
final class TokenCommand implements Callable<Integer> {
    private static final Set<String> ROLES = Set.of("admin", "operator", "service");

    @Mixin
    private final Instance instance;

    @Option(names = "--user")
    private String user = "";

    @Option(names = "--role", split = ",")
    private Set<String> roles = new TreeSet<>();

    TokenCommand(Path project) {
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        if (!user.matches("[1-9][0-9]{0,9}") || Long.parseLong(user) > Integer.MAX_VALUE) {
            throw instance.misused("'--user' needs a user's id, an integer from 1 to " + Integer.MAX_VALUE + ".");
        }
        if (!ROLES.containsAll(roles)) {
            throw instance.misused("'--role' needs admin, operator or service, with commas between several.");
        }
        InstallKey key = InstallKey.existing(instance.directory())
                .orElseThrow(
                        () -> new StartException(
                                instance.directory()
                                        + " has no key to sign with: './vitrina up --auth demo' makes one. Without it nobody asks for a token."));
        System.out.println(key.token(user, roles));
        return 0;
    }
}
