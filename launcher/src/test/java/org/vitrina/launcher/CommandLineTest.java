package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

class CommandLineTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static ParseResult parsed(String... words) {
        return Launcher.commandLine(PROJECT).parseArgs(words).subcommand();
    }

    private static Instance instance(ParseResult parsed) {
        return (Instance)
                parsed.commandSpec().mixins().values().iterator().next().userObject();
    }

    @Test
    void withoutOptionsAllPartsRunOnTheirUsualPorts() {
        ParseResult none = parsed("up");

        assertThat(none.hasMatchedOption("--fresh")).isFalse();
        assertThat(instance(none).portOffset()).isZero();
        assertThat(none.hasMatchedOption("--only")).isFalse();
        assertThat(none.matchedPositionals()).isEmpty();
    }

    @Test
    void readsEveryOption() {
        ParseResult all = parsed("up", "--fresh", "--only", "cart,bff", "--port-offset", "100");

        assertThat(all.matchedOptionValue("--fresh", false)).isTrue();
        assertThat(instance(all).portOffset()).isEqualTo(100);
        assertThat(all.matchedOptionValue("--only", List.of())).containsExactly("cart", "bff");
        assertThat(parsed("migrate", "favorites", "--port-offset", "100", "down", "2").matchedPositionals().stream()
                        .flatMap(positional -> positional.stringValues().stream()))
                .containsExactly("favorites", "down", "2");
    }

    @Test
    void anOffsetHasAFolderOfItsOwn() {
        Path usual = instance(parsed("status")).directory();

        assertThat(instance(parsed("status", "--port-offset", "100")).directory())
                .isEqualTo(usual.resolve("offset-100"));
        assertThat(instance(parsed("status", "--port-offset", "0")).directory()).isEqualTo(usual);
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        for (List<String> wrong : List.of(
                List.of("--nonsense"),
                List.of("--port-offset"),
                List.of("--port-offset", "-1"),
                List.of("--port-offset", "45001"),
                List.of("--port-offset", "many"),
                List.of("--only"))) {
            String[] words = new String[wrong.size() + 1];
            words[0] = "up";
            System.arraycopy(wrong.toArray(), 0, words, 1, wrong.size());
            assertThatExceptionOfType(ParameterException.class)
                    .as("%s", wrong)
                    .isThrownBy(() -> parsed(words))
                    .withMessageContaining(wrong.get(0));
            assertThat(Launcher.commandLine(PROJECT).execute(words)).isEqualTo(2);
        }
    }

    @Test
    void endsWithTwoForACommandLineAndWithOneForWhatDidNotWork() {
        CommandLine vitrina = Launcher.commandLine(PROJECT);

        assertThat(vitrina.execute("up", "bff")).isEqualTo(2);
        assertThat(vitrina.execute("up", "--discovery", "dns")).isEqualTo(2);
        assertThat(vitrina.execute("up", "--replicas", "cart=2")).isEqualTo(2);
        assertThat(vitrina.execute("up", "--discovery", "registry", "--replicas", "cart=10"))
                .isEqualTo(2);
        assertThat(vitrina.execute("up", "--auth", "on")).isEqualTo(2);
        assertThat(vitrina.execute("token")).isEqualTo(2);
        assertThat(vitrina.execute("token", "--user", "nobody")).isEqualTo(2);
        assertThat(vitrina.execute("token", "--user", "1", "--role", "king")).isEqualTo(2);
        assertThat(vitrina.execute("token", "--user", "1", "--port-offset", "44999"))
                .isEqualTo(1);
        assertThat(vitrina.execute("migrate", "bff", "status")).isEqualTo(2);
        assertThat(vitrina.execute("migrate", "cart")).isEqualTo(2);
        assertThat(vitrina.execute("redrive", "cart")).isEqualTo(2);
        assertThat(vitrina.execute("redrive", "notifications", "predictions")).isEqualTo(2);
        assertThat(vitrina.execute("erase")).isEqualTo(2);
        assertThat(vitrina.execute("erase", "nobody")).isEqualTo(2);
        assertThat(vitrina.execute("erase", "3", "--url", "cart=http://127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(vitrina.execute("erase", "3", "--port-offset", "44999")).isEqualTo(1);
        assertThat(vitrina.execute("retrain", "now")).isEqualTo(2);
        assertThat(vitrina.execute("retrain", "--least-pairs", "49")).isEqualTo(2);
        assertThat(vitrina.execute("retrain", "--share", "101")).isEqualTo(2);
        assertThat(vitrina.execute("retrain", "--port-offset", "44999")).isEqualTo(1);
        assertThat(vitrina.execute("up", "--retrain-every", "-1")).isEqualTo(2);
        assertThat(vitrina.execute("up", "--retrain-every", "1h")).isEqualTo(2);
        assertThat(vitrina.execute("status", "--port-offset", "44999")).isEqualTo(1);
        assertThat(vitrina.execute("migrate", "cart", "status", "--port-offset", "44999"))
                .isEqualTo(1);
    }
}
