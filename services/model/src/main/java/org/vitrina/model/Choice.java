package org.vitrina.model;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * Which versions are used, as {@code serving.json} says it.
 *
 * @param serving versions with their weights
 * @param previous what was used before, for the way back; may be empty
 */
@RegisterForReflection // a file, read by hand
record Choice(List<Share> serving, List<Share> previous) {
    Choice {
        serving = List.copyOf(serving);
        previous = previous == null ? List.of() : List.copyOf(previous);
    }
}
