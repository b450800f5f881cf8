package org.vitrina.http.demo;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.vitrina.runtime.Dependency;

/** A dependency that does as a test (or a system property, for a process of its own) says. */
@Singleton
public class DemoDependency implements Dependency {
    public enum Mood {
        FINE,
        REFUSES,
        HANGS
    }

    public static volatile Mood mood =
            Mood.valueOf(System.getProperty("demo.dependency", "fine").toUpperCase(java.util.Locale.ROOT));

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public Uni<Void> check() {
        return switch (mood) {
            case FINE -> Uni.createFrom().voidItem();
            case REFUSES -> Uni.createFrom().failure(new IllegalStateException("refused"));
            case HANGS -> Uni.createFrom().nothing();
        };
    }
}
