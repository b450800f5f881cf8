package org.vitrina.features;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Takes {@code --once}, {@code --seed=N}, {@code --row=N} as settings of the same names. */
@QuarkusMain
public class FeaturesProgram {
    private static final String PREFIX = "vitrina.features.";

    /** Runs until it is stopped, or one row is sent. */
    public static void main(String... arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            switch (name) {
                case "--once" -> System.setProperty(PREFIX + "once", "true");
                case "--seed", "--row" ->
                    System.setProperty(PREFIX + name.substring(2), equals < 0 ? "" : argument.substring(equals + 1));
                default -> {
                    System.err.println("features takes --once, --seed=N and --row=N, not '" + argument + "'.");
                    System.exit(2);
                }
            }
        }
        Quarkus.run();
    }
}
