package org.vitrina.persistence.idempotency;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Tells whether two requests ask for the same: a SHA-256 over the parsed, normalised parts of the request, so that blanks,
 * the order of members and {@code 2500} for {@code 2500.00} make no difference.
 */
public final class Fingerprint {
    private final byte[] hash;

    private Fingerprint(byte[] hash) {
        this.hash = hash;
    }

    /** @param parts in an order that the caller fixes; each counts as a whole, so that no two lists run together */
    public static Fingerprint of(Object... parts) {
        MessageDigest digest = sha256();
        for (Object part : parts) {
            byte[] text = part.toString().getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
            digest.update(text);
        }
        return new Fingerprint(digest.digest());
    }

    /** As it is kept: 32 bytes. */
    public byte[] bytes() {
        return hash.clone();
    }

    /** Whether these, as they were kept, are the same. */
    public boolean is(byte[] kept) {
        return Arrays.equals(hash, kept);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
