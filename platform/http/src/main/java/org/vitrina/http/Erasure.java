package org.vitrina.http;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.core.ErrorCode;

/**
 * What a service did when an operator had it erase a user: the answer to {@code DELETE /ops/users/{id}}. Asked again it finds
 * nothing more.
 *
 * @param erased how many of each kind there were
 * @param kept what stays, and why, a sentence each
 */
@Schema(name = "Erasure")
public record Erasure(Map<String, Long> erased, List<String> kept) {
    /** Something of the user's is under way, so that nothing was erased: the same may be asked later. */
    public static final ErrorCode UNDER_WAY =
            new ErrorCode("user-busy", 409, true, "Something of the user is under way");

    public Erasure {
        erased = Map.copyOf(erased);
        kept = List.copyOf(kept);
    }
}
