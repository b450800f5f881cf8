package org.vitrina.sample;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.ModuleRules;
import org.vitrina.testing.PostgresResource;

/** Each rule, on classes that break it: a rule that cannot fail is a defect. */
@SuppressWarnings({"unused", "NullAway", "UnusedMethod", "UnusedVariable"})
class ModuleRulesTest {
    @Entity
    static class NoteEntity {
        @Id
        int id;
    }

    static class NoteRepository {
        AtomicReference<NoteEntity> one = new AtomicReference<>();
    }

    static class NoteService {
        NoteRepository notes = new NoteRepository();

        int count() {
            return notes.one.get() == null ? 0 : 1;
        }
    }

    static class NoteResource {
        NoteService service = new NoteService();
    }

    static class SkippingResource {
        NoteRepository notes = new NoteRepository();
    }

    static class TellingResource {
        List<NoteEntity> all() {
            return List.of();
        }
    }

    static class BackwardService {
        NoteResource resource = new NoteResource();
    }

    static class BackwardRepository {
        NoteService service = new NoteService();
    }

    @Path("/")
    interface NoteRestClient {
        @Retry
        Uni<String> notes();
    }

    @ConfigMapping(prefix = "note")
    interface NoteConfig {
        int most();
    }

    static class Waiting {
        int wait(Uni<Integer> one) {
            return one.await().indefinitely();
        }
    }

    static class SynchronizedMethod {
        synchronized void both() {}
    }

    static class SynchronizedBlock {
        int entered;

        void both() {
            synchronized (this) {
                entered = 1;
            }
        }
    }

    static class NoteManager {}

    static class KnowsATool {
        PostgresResource tool = new PostgresResource();
    }

    @Test
    void theChainFromResourceToEntityIsAllowed() {
        assertThatCode(() -> check(NoteEntity.class, NoteRepository.class, NoteService.class, NoteResource.class))
                .doesNotThrowAnyException();
    }

    @Test
    void everyRuleFailsOnWhatBreaksIt() {
        assertBroken(SkippingResource.class, "it skips to no repository");
        assertBroken(TellingResource.class, "no entity in a resource's method");
        assertBroken(BackwardService.class, "XService knows no resource");
        assertBroken(BackwardRepository.class, "know neither service nor resource");
        assertBroken(NoteRestClient.class, "never on the REST interface");
        assertBroken(NoteConfig.class, "a @ConfigMapping is public");
        assertBroken(Waiting.class, "no await() outside tests");
        assertBroken(SynchronizedMethod.class, "no synchronized");
        assertBroken(SynchronizedBlock.class, "no synchronized");
        assertBroken(NoteManager.class, "no Manager");
        assertBroken(KnowsATool.class, "know each other by URL and contract only");
    }

    @Test
    void aModuleWithoutClassesIsAMistakeOfTheTest() {
        assertThatThrownBy(() -> ModuleRules.check("org.vitrina.nothing", new ClassFileImporter().importClasses()))
                .hasMessageContaining("no production classes");
    }

    private static void assertBroken(Class<?> type, String rule) {
        assertThatThrownBy(() -> check(type, NoteEntity.class, NoteRepository.class))
                .as(type.getSimpleName())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(rule);
    }

    private static void check(Class<?>... types) {
        ModuleRules.check("org.vitrina.sample", new ClassFileImporter().importClasses(types));
    }
}
