package org.vitrina.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.smallrye.config.ConfigMapping;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.junit.jupiter.api.Test;

/** Each rule, on classes that break it: a rule that cannot fail is a defect. */
@SuppressWarnings({"unused", "NullAway", "UnusedMethod", "UnusedVariable"})
class ServiceRulesTest {
    @ConfigMapping(prefix = "vitrina.testing")
    public interface TestingConfig {}

    @ConfigMapping(prefix = "vitrina.notes")
    public interface OtherConfig {}

    @ConfigMapping(prefix = "vitrina.testing")
    interface HiddenConfig {}

    @Path("/notes")
    static class Notes {}

    @Entity
    static class Note {
        @Id
        int id;
    }

    @Path("/ops/notes")
    static class AuditResource {}

    @Path("/ops")
    static class TestingOpsResource {}

    static class NotePurge {}

    static class WarmUp {}

    static class TestingWarmUp extends WarmUp {}

    static class NoteAttempts {
        @Retry
        void guarded() {}
    }

    static class NoteClient {
        @Retry
        void one() {}

        @Retry
        void two() {}
    }

    @RegisterRestClient
    public interface OpenRestClient {}

    static class NoteService {
        Pool pool;
    }

    static class NoteRepository {
        Pool pool;
    }

    static class InjectedField {
        @Inject
        Note note;
    }

    static class NoteLocation {
        Response.ResponseBuilder at(Response.ResponseBuilder answer) {
            return answer.location(URI.create("/notes/1"));
        }
    }

    record Lines(List<String> lines) {}

    @Path("/notes")
    static class NotesResource {
        @POST
        @PermitAll
        void add(Lines lines) {}
    }

    @Path("/notes")
    static class ForgottenResource {
        @POST
        void add() {}
    }

    private static List<String> broken(Class<?>... types) {
        JavaClasses classes = new ClassFileImporter().importClasses(types);
        return ServiceRules.of("org.vitrina.testing").stream()
                .map(rule -> rule.allowEmptyShould(true).evaluate(classes))
                .filter(result -> result.hasViolation())
                .map(result -> result.getFailureReport().toString())
                .toList();
    }

    private static void assertBroken(String rule, Class<?>... types) {
        assertThat(broken(Stream.concat(Stream.of(TestingConfig.class), Stream.of(types))
                        .toArray(Class<?>[]::new)))
                .as(types[0].getSimpleName())
                .singleElement()
                .asString()
                .contains(rule);
    }

    @Test
    void aServiceThatKeepsThemIsAllowed() {
        assertThat(broken(TestingConfig.class, TestingOpsResource.class)).isEmpty();
    }

    @Test
    void everyRuleFailsOnWhatBreaksIt() {
        assertBroken("has one configuration", OtherConfig.class);
        assertBroken("has one configuration", HiddenConfig.class);
        assertThat(broken(TestingOpsResource.class)).singleElement().asString().contains("has one configuration");
        assertBroken("is an XResource", Notes.class);
        assertBroken("is an XEntity", Note.class);
        assertBroken("in an XOpsResource", AuditResource.class);
        assertBroken("an XPurge is a recurring task", NotePurge.class);
        assertBroken("has its reason in ServiceRules", NoteRepository.class, TestingWarmUp.class);
        assertThat(broken(TestingConfig.class, NoteRepository.class))
                .anyMatch(told -> told.contains("<Service>WarmUp"));
        assertBroken("is an XRestClient", OpenRestClient.class);
        assertBroken("whose one method has the guard", NoteAttempts.class);
        assertBroken("whose one method has the guard", NoteClient.class);
        assertThat(broken(TestingConfig.class, NoteService.class))
                .anyMatch(told -> told.contains("only an XRepository"));
        assertBroken("by its constructor", InjectedField.class);
        assertBroken("a List with @Size(max)", NotesResource.class, Lines.class);
        assertBroken("declares who may", ForgottenResource.class);
        assertBroken("no URL is made of the caller's Host", NoteLocation.class);
    }
}
