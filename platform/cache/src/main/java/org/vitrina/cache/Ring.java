package org.vitrina.cache;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Which of several servers has a key: the one whose own hash together with the key's is highest (rendezvous hashing, Thaler
 * and Ravishankar 1998). A server that comes takes its share from all the others alike, one that goes leaves its keys to all
 * of them alike, and no other key moves. All processes that know the same names agree, in whatever order they know them.
 */
final class Ring {
    private final long[] seeds;

    Ring(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a ring has at least one server");
        }
        seeds = names.stream().mapToLong(Ring::hash).toArray();
    }

    /** Its index among the names. */
    int owner(String key) {
        long own = hash(key);
        int best = 0;
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < seeds.length; i++) {
            long score = mixed(own ^ seeds[i]);
            if (score > highest) {
                highest = score;
                best = i;
            }
        }
        return best;
    }

    private static long hash(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return mixed(crc.getValue() << 32 ^ text.hashCode());
    }

    /** The last step of SplitMix64: every bit of the input changes half of the bits. */
    private static long mixed(long bits) {
        long z = bits + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
