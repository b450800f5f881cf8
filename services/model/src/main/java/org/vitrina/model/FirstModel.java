package org.vitrina.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vitrina.diabetes.Diabetes;

/** Makes the version that is part of the program, out of the diabetes data; run by the build, which gives it the file's path. */
public final class FirstModel {
    static final String VERSION = "1";

    private FirstModel() {}

    /** The file is the only argument. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.getParent());
        Files.writeString(file, Pmml.write(train()));
    }

    static Artefact train() {
        List<TrainingRow> rows = Diabetes.rows().stream()
                .map(row -> new TrainingRow(row.features(), row.target()))
                .toList();
        return Training.fit(VERSION, Diabetes.names(), rows, Training.sha256(Diabetes.bytes()), Penalty.NONE)
                .checked();
    }
}
