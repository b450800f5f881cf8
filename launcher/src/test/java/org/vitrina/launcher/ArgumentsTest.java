package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static final Path PROJECT = Path.of("/somewhere");

    @Test
    void withoutOptionsAllPartsRunOnTheirUsualPorts() {
        Arguments none = Arguments.parse(PROJECT, List.of());

        assertThat(none.fresh()).isFalse();
        assertThat(none.portOffset()).isZero();
        assertThat(none.only()).isEmpty();
        assertThat(none.rest()).isEmpty();
    }

    @Test
    void readsEveryOption() {
        Arguments all = Arguments.parse(
                PROJECT, List.of("--fresh", "--only", "cart,bff", "favorites", "--port-offset", "100", "status"));

        assertThat(all.fresh()).isTrue();
        assertThat(all.portOffset()).isEqualTo(100);
        assertThat(all.only()).containsExactly("cart", "bff");
        assertThat(all.rest()).containsExactly("favorites", "status");
    }

    @Test
    void anOffsetHasAFolderOfItsOwn() {
        Path usual = Arguments.parse(PROJECT, List.of()).directory();

        assertThat(Arguments.parse(PROJECT, List.of("--port-offset", "100")).directory())
                .isEqualTo(usual.resolve("offset-100"));
        assertThat(Arguments.parse(PROJECT, List.of("--port-offset", "0")).directory())
                .isEqualTo(usual);
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
            assertThatExceptionOfType(Arguments.UsageException.class)
                    .as("%s", wrong)
                    .isThrownBy(() -> Arguments.parse(PROJECT, wrong))
                    .withMessageContaining(wrong.get(0));
        }
    }
}
