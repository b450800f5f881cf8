package org.vitrina.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.migrations.MigrationException;
import org.vitrina.migrations.Migrations;

/** The schema of one service's database, kept by the migrations in the service's source folder. */
record Schema(ServiceSpec service, Path changeLog, DatabaseAddress database) {
    static Schema of(Path project, ServiceSpec service, String jdbcUrl, String password) {
        return new Schema(
                service,
                project.resolve("services").resolve(service.name()).resolve("src/main/resources/db/changelog"),
                new DatabaseAddress(jdbcUrl, service.name(), password));
    }

    /** The options by which the migrations program finds this schema. */
    List<String> programOptions() {
        return List.of(
                "--url", database.url(),
                "--user", database.user(),
                "--password", database.password(),
                "--changelog", changeLog.toString());
    }

    /** Applies what is pending. */
    void bringUp(Progress progress) {
        if (!Files.isDirectory(changeLog)) {
            return;
        }
        try {
            List<String> applied = Migrations.of(database, changeLog).up().changeSets();
            if (!applied.isEmpty()) {
                progress.line(service.name(), "schema brought up to " + applied.get(applied.size() - 1));
            }
        } catch (MigrationException e) {
            throw new StartException(
                    "The schema of " + service.name() + " cannot be brought up to date: " + e.getMessage(), e);
        }
    }
}
