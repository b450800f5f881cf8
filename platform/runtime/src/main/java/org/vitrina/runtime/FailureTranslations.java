package org.vitrina.runtime;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import org.vitrina.core.FailureTranslation;
import org.vitrina.core.ProblemException;

/** All that modules know of failures. */
@Singleton
public class FailureTranslations {
    private final List<FailureTranslation> all;

    public FailureTranslations(@All List<FailureTranslation> all) {
        this.all = all;
    }

    /** What the failure means to callers; itself where no module knows more. */
    public Throwable translate(Throwable failure) {
        Throwable translated = failure;
        for (FailureTranslation translation : all) {
            translated = translation.translate(translated);
        }
        return translated;
    }

    /** Whether the failure says that the service can do nothing at the moment, rather than nothing with this message. */
    public boolean isNotNow(Throwable failure) {
        return translate(failure) instanceof ProblemException problem
                && problem.code().retryable();
    }
}
