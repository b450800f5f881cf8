package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import org.vitrina.migrations.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs the migrations program on the database of a service that runs here, or drafts its next change set. */
@Command(name = "migrate")
final class MigrateCommand implements Callable<Integer> {
    @Mixin
    private final Instance instance;

    @Parameters(index = "0", paramLabel = "SERVICE")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "up|down N|status|diff")
    private List<String> words = List.of();

    private final Path project;

    MigrateCommand(Path project) {
        this.project = project;
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        ServiceSpec service = Services.of(project)
                .named(name)
                .filter(ServiceSpec::hasDatabase)
                .orElseThrow(() -> instance.misused("'" + name + "' has no database."));
        RunState.Entry server = instance.runningPostgres();
        Schema schema = Schema.of(
                project,
                service,
                Postgres.jdbcUrl(new Address("127.0.0.1", server.port()), service.name()),
                Postgres.passwordIn(instance.directory().resolve(Postgres.FOLDER)));
        if (words.getFirst().equals("diff")) {
            return diff(schema);
        }
        List<String> command = new ArrayList<>(words);
        command.addAll(schema.programOptions());
        Main.main(command.toArray(String[]::new)); // ends the JVM with its own exit code
        return 0;
    }

    private int diff(Schema schema) {
        if (words.size() > 1) {
            throw instance.misused("'diff' takes nothing after it, not '" + words.get(1) + "'.");
        }
        String draft = new SchemaDiff(project, schema).draft();
        if (draft.isEmpty()) {
            System.err.println("The database of " + name + " lacks nothing that its entities have.");
        } else {
            System.out.print(draft);
        }
        return 0;
    }
}
