package org.vitrina.cache;

import java.nio.charset.StandardCharsets;

final class Texts {
    static final Codec<String> CODEC =
            Codec.of(text -> text.getBytes(StandardCharsets.UTF_8), bytes -> new String(bytes, StandardCharsets.UTF_8));

    private Texts() {}
}
