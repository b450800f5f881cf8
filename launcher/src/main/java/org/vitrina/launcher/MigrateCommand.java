package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vitrina.launcher.spec.Server;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import org.vitrina.migrations.Main;

/** Runs the migrations program on the database of a service that runs here. */
final class MigrateCommand {
    private final Path project;
    private final Arguments arguments;

    MigrateCommand(Path project, Arguments arguments) {
        this.project = project;
        this.arguments = arguments;
    }

    int run() {
        List<String> words = arguments.rest();
        if (words.size() < 2) {
            throw new Arguments.UsageException("'migrate' needs a service and one of up, down N, status.");
        }
        ServiceSpec service = Services.of(project)
                .named(words.get(0))
                .filter(ServiceSpec::hasDatabase)
                .orElseThrow(() -> new Arguments.UsageException("'" + words.get(0) + "' has no database."));
        RunState.Entry server = RunState.read(InstanceFolder.stateFile(arguments.directory())).entries().stream()
                .filter(entry -> entry.name().equals(Server.POSTGRES.partName()) && entry.isAlive())
                .findFirst()
                .orElseThrow(() -> new StartException("PostgreSQL does not run from " + arguments.directory()
                        + ": start it with './vitrina up'" + " (or './vitrina up --only postgres')."));
        Schema schema = Schema.of(
                project,
                service,
                Postgres.jdbcUrl(new Address("127.0.0.1", server.port()), service.name()),
                Postgres.passwordIn(arguments.directory().resolve(Postgres.FOLDER)));
        List<String> command = new ArrayList<>(words.subList(1, words.size()));
        command.addAll(schema.programOptions());
        Main.main(command.toArray(String[]::new)); // ends the JVM with its own exit code
        return 0;
    }
}
