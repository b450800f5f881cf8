package org.vitrina.persistence.idempotency;

/** What came of claiming a key. */
public sealed interface Claim {
    /** It is the caller's: the change is to be made, then kept or freed. */
    record Mine() implements Claim {}

    /** The change was made before. */
    record Made(KeptAnswer answer) implements Claim {}

    /** A concurrent request is making it at this moment. */
    record Running() implements Claim {}

    /** The key stands for something else. */
    record OtherRequest() implements Claim {}
}
