package org.vitrina.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrina.migrations.DatabaseAddress;

/**
 * Drafts the change set that brings a database to what the service's entities say. Hibernate of the service's own libraries
 * compares them, in a process of its own ({@code launcher/SchemaDraft.java}); it sees tables, columns and keys that are missing,
 * and neither what is there too much nor a changed type.
 */
final class SchemaDiff {
    /** They would have Hibernate speak to the database as in the service: without JDBC. */
    private static final Pattern LEFT_OUT = Pattern.compile(
            "(modified-)?io\\.quarkus\\.quarkus-.*|org\\.hibernate\\.(reactive|local-cache)\\..*|.*hibernate-graalvm.*");

    /** Change sets say types more exactly than entities do: TEXT is none of our varchar(255), and no mistake. */
    private static final Pattern OTHER_TYPE = Pattern.compile(" set data type ");

    private static final Pattern NEW_COLUMN =
            Pattern.compile("alter table (?:if exists )?(\\S+) add column (\\S+) .*", Pattern.CASE_INSENSITIVE);
    private static final Pattern NEW_TABLE =
            Pattern.compile("create table (?:if not exists )?(\\S+) .*", Pattern.CASE_INSENSITIVE);

    private final Path project;
    private final String service;
    private final DatabaseAddress database;
    private final Path changeLog;

    SchemaDiff(Path project, Schema schema) {
        this.project = project;
        this.service = schema.service().name();
        this.database = schema.database();
        this.changeLog = schema.changeLog();
    }

    /** The draft as a file of formatted SQL; empty where the database lacks nothing. */
    String draft() {
        List<String> statements = statements();
        if (statements.isEmpty()) {
            return "";
        }
        return draft(nextNumber(), statements);
    }

    static String draft(String number, List<String> statements) {
        List<String> back = new ArrayList<>();
        for (String statement : statements) {
            back.add("--rollback " + undone(statement));
        }
        Collections.reverse(back);
        return """
            --liquibase formatted sql

            --changeset vitrina:%s-draft
            -- Drafted from the entities: give it its name, then read it. Checks, defaults, types that changed and what is gone are not in it.
            %s
            %s
            """
                .formatted(
                        number,
                        statements.stream().map(statement -> statement + ";").collect(Collectors.joining("\n")),
                        String.join("\n", back));
    }

    private static String undone(String statement) {
        Matcher column = NEW_COLUMN.matcher(statement);
        if (column.matches()) {
            return "ALTER TABLE " + column.group(1) + " DROP COLUMN " + column.group(2) + ";";
        }
        Matcher table = NEW_TABLE.matcher(statement);
        return table.matches() ? "DROP TABLE " + table.group(1) + ";" : "the way back of: " + statement;
    }

    private String nextNumber() {
        try (Stream<Path> files = Files.list(changeLog)) {
            int newest = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{4}-.*"))
                    .mapToInt(name -> Integer.parseInt(name.substring(0, 4)))
                    .max()
                    .orElse(0);
            return String.format(Locale.ROOT, "%04d", newest + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> statements() {
        Path target = project.resolve("services").resolve(service).resolve("target");
        try {
            Path errors = Files.createTempFile("vitrina-diff", ".log");
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath(target),
                            project.resolve("launcher/SchemaDraft.java").toString(),
                            target.resolve("classes").toString(),
                            database.url(),
                            database.user())
                    .redirectError(errors.toFile());
            builder.environment().put("VITRINA_DB_PASSWORD", database.password());
            Process comparing = builder.start();
            String output = new String(comparing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (comparing.waitFor() != 0) {
                throw new StartException(
                        "The entities of " + service + " could not be compared." + Logs.lastWords(errors));
            }
            Files.delete(errors);
            return output.lines()
                    .filter(statement -> !OTHER_TYPE.matcher(statement).find())
                    .map(statement -> statement.replaceAll(";$", ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }

    private String classPath(Path target) throws IOException {
        List<String> path = new ArrayList<>(List.of(target.resolve("classes").toString()));
        for (Path folder : List.of(target.resolve("lib"), project.resolve("launcher/target/lib"))) {
            if (!Files.isDirectory(folder)) {
                throw new StartException(service + " is not built (no " + folder + "): run './vitrina build'.");
            }
            boolean ofLauncher = folder.endsWith("launcher/target/lib");
            try (Stream<Path> jars = Files.list(folder)) {
                jars.filter(jar -> ofLauncher == jar.getFileName().toString().startsWith("postgresql-"))
                        .filter(jar ->
                                !LEFT_OUT.matcher(jar.getFileName().toString()).matches())
                        .forEach(jar -> path.add(jar.toString()));
            }
        }
        return String.join(File.pathSeparator, path);
    }
}
