package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What k8s/README.md tells a reader to type is typed, into programs that only write down what they are asked. */
class KubectlPageTest {
    private static final Path PAGE = Chart.ROOT.resolve("k8s/README.md");

    @TempDir
    Path folder;

    @Test
    void itsCommandsBringWhatTheManifestsNeed() throws Exception {
        List<List<String>> calls = typed(block(0));

        assertThat(calls)
                .extracting(call -> String.join(" ", call.subList(0, Math.min(call.size(), 5))))
                .containsExactly(
                        "create namespace vitrina",
                        "-n vitrina create secret generic",
                        "-n vitrina apply -f k8s/vitrina.yaml",
                        "-n vitrina port-forward svc/vitrina-bff 9000:80");
        Map<String, String> passwords = passwords(calls.get(1));
        assertThat(Map.of(calls.get(1).get(5), new TreeSet<>(passwords.keySet())))
                .isEqualTo(wanted());
        assertThat(passwords.values()).doesNotHaveDuplicates().allSatisfy(password -> assertThat(password)
                .matches("[0-9a-f]{32}"));
        assertThat(Files.readString(Chart.ROOT.resolve("k8s/vitrina.yaml"))).contains("name: vitrina-bff\n");
    }

    @Test
    void itsUpgradeBringsThePasswordsOfTheBrokersUsers() throws Exception {
        List<String> call = typed(block(1)).getFirst();

        assertThat(call.subList(0, 6)).containsExactly("-n", "vitrina", "patch", "secret", "vitrina-passwords", "-p");
        Set<String> wanted = new TreeSet<>(wanted().get("vitrina-passwords"));
        wanted.removeIf(key -> !key.endsWith("-broker-password"));
        Set<String> given = new TreeSet<>();
        Chart.YAML.readTree(call.get(6)).path("stringData").fieldNames().forEachRemaining(given::add);
        assertThat(given).isEqualTo(wanted);
        assertThat(Files.readString(Chart.ROOT.resolve("charts/vitrina/README.md")))
                .contains(block(1).replace("-n vitrina ", ""));
    }

    private static String block(int number) throws IOException {
        return Files.readString(PAGE).split("```\n", -1)[2 * number + 1];
    }

    /** The arguments of each call of kubectl. */
    private List<List<String>> typed(String commands) throws Exception {
        Path told = folder.resolve("told");
        program("kubectl", "{ printf '%s\\n' \"$@\"; echo --; } >> " + told);
        program("openssl", "echo $(printf '%s%s' $$ $(date +%N) | md5sum | cut -c 1-32)");
        var bash = new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", commands)
                .directory(Chart.ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        bash.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        Process process = bash.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("said")))
                .isZero();
        List<List<String>> calls = new ArrayList<>();
        List<String> call = new ArrayList<>();
        for (String line : Files.readAllLines(told)) {
            if (line.equals("--")) {
                calls.add(call);
                call = new ArrayList<>();
            } else {
                call.add(line);
            }
        }
        return calls;
    }

    private void program(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Map<String, String> passwords(List<String> call) {
        Map<String, String> passwords = new TreeMap<>();
        for (String argument : call.subList(6, call.size())) {
            assertThat(argument).startsWith("--from-literal=");
            String[] pair = argument.substring("--from-literal=".length()).split("=", 2);
            passwords.put(pair[0], pair[1]);
        }
        return passwords;
    }

    /** The keys that containers take from Secrets, by the Secrets' names; none of the Secrets is among the manifests. */
    private static Map<String, Set<String>> wanted() throws IOException {
        Map<String, Set<String>> wanted = new TreeMap<>();
        try (var documents = Chart.YAML
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(Chart.ROOT.resolve("k8s/vitrina.yaml").toFile())) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                assertThat(document.path("kind").asText()).isNotEqualTo("Secret");
                for (JsonNode reference : document.findValues("secretKeyRef")) {
                    wanted.computeIfAbsent(reference.path("name").asText(), name -> new TreeSet<>())
                            .add(reference.path("key").asText());
                }
                assertThat(document.findValues("secretName")).isEmpty();
            }
        }
        return wanted;
    }
}
