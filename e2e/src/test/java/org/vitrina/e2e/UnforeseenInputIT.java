package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vitrina.launcher.PartStatus;

/**
 * Schemathesis sends every service what its document allows and what it does not: no 5xx, no hang, each answer as it is
 * described. Its name makes it the last of the suites that share the store, which is not what it was afterwards. {@code
 * -Dseed=N} makes other choices, {@code -Dsoak=true} has it run, for {@code -Dfuzz.seconds=N} (120) a service.
 */
class UnforeseenInputIT {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 120);
    private static final long SEED = Long.getLong("seed", 1);

    @Test
    void everyServiceAnswersAnyInputAsItsDocumentSays() throws Exception {
        String python = Optional.ofNullable(System.getenv("VITRINA_PYTHON")).orElse("python3");
        assumeThat(new ProcessBuilder(python, "-c", "import schemathesis")
                        .start()
                        .waitFor())
                .as("SKIPPED: " + python + " has no schemathesis; VITRINA_PYTHON names one that has")
                .isZero();
        // what it asks depends on how fast it is answered, so a seed does not make it the same twice: not a gate yet
        assumeThat(Boolean.getBoolean("soak")).as("SKIPPED: -Dsoak=true asks").isTrue();
        Store store = Store.running();
        store.heal();
        store.spoil();

        List<String> words = new ArrayList<>(List.of("--seed", Long.toString(SEED), "--seconds", "" + SECONDS));
        List<String> services = store.stack().parts().stream()
                .map(PartStatus::name)
                .filter(part -> Store.project()
                        .resolve("services/" + part + "/service.yaml")
                        .toFile()
                        .exists())
                .toList();
        assertThat(services).hasSizeGreaterThan(12);
        for (String service : services) {
            words.addAll(List.of(
                    "--url", service + "=" + store.stack().address(service).url()));
        }
        assertThat(Store.vitrina(Store.FOLDER, "fuzz", words.toArray(String[]::new)))
                .contains(services.size() + " passed, 0 failed");
    }
}
