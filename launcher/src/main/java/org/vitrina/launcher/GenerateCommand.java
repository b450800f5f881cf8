package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.vitrina.launcher.generate.GeneratedFiles;
import org.vitrina.launcher.spec.Services;
import picocli.CommandLine.Command;

/** Writes what is made of the services' descriptions, and says which files have changed. */
@Command(name = "generate")
final class GenerateCommand implements Callable<Integer> {
    private final Path project;

    GenerateCommand(Path project) {
        this.project = project;
    }

    @Override
    public Integer call() {
        List<String> written = GeneratedFiles.of(project, Services.of(project)).write();
        System.out.println(
                written.isEmpty()
                        ? "Every list of services is up to date."
                        : "Written: " + String.join(", ", written) + ".");
        return 0;
    }
}
