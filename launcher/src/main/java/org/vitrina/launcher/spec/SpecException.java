package org.vitrina.launcher.spec;

import java.util.List;

/** What is wrong with the descriptions of the services: a line for each problem, with its file and line. */
public final class SpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SpecException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
