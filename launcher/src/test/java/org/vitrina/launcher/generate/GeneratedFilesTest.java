package org.vitrina.launcher.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.vitrina.launcher.StartException;
import org.vitrina.launcher.spec.Services;

class GeneratedFilesTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void areWhatTheDescriptionsSay() {
        assertThat(GeneratedFiles.of(PROJECT, Services.of(PROJECT)).stale())
                .as("out of date: run %s", GeneratedFiles.COMMAND)
                .isEmpty();
    }

    @Test
    void leaveWhatIsRoundThemAsItIs() {
        Place lines = Place.lines("list", "names", "new\n");

        assertThat(lines.putInto("first\n# names: written by ./vitrina generate\nold\n  # end of names\nlast\n"))
                .isEqualTo("first\n# names: written by ./vitrina generate\nnew\n  # end of names\nlast\n");
        assertThat(Place.within("list", "for x in ", "; do", "b c").putInto("for x in a; do\n"))
                .isEqualTo("for x in b c; do\n");
    }

    @Test
    void tellWhereTheirPlaceIsMissing() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> Place.lines("list", "names", "new\n").putInto("nothing\n"))
                .withMessageStartingWith("list: what ./vitrina generate writes stands between 'names: written by");
    }
}
