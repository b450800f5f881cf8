package org.vitrina.sample;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.testing.ModuleRules;

/** The rule for the texts of problems, on classes that keep and break it; here, as the rules' own module knows no problems. */
class ProblemTextsTest {
    static class Sentences {
        ProblemException whole() {
            return new ProblemException(ErrorCode.NOT_FOUND, "There is no such note.");
        }

        ProblemException withValues(int id) {
            return new ProblemException(
                    ErrorCode.NOT_FOUND, "There is no note " + id + ".", Map.of("id", "of a note"), Map.of());
        }

        ProblemException ofOthers(String reason) {
            return new ProblemException(ErrorCode.BAD_REQUEST, "This was not taken: " + reason);
        }
    }

    static class WithoutStop {
        ProblemException whole() {
            return new ProblemException(ErrorCode.NOT_FOUND, "there is no such note");
        }
    }

    static class WithValuesAndWithoutStop {
        ProblemException withValues(int id) {
            return new ProblemException(ErrorCode.NOT_FOUND, "note " + id + " is gone");
        }
    }

    @Test
    void aProblemsTextEndsWithAFullStop() {
        assertThatCode(() -> check(Sentences.class)).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(WithoutStop.class)).hasMessageContaining("there is no such note");
        assertThatThrownBy(() -> check(WithValuesAndWithoutStop.class)).hasMessageContaining("note … is gone");
    }

    private static void check(Class<?> type) {
        ModuleRules.check("org.vitrina.sample", new ClassFileImporter().importClasses(type));
    }
}
