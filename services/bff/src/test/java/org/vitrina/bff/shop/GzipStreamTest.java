package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GzipStreamTest {
    private static final String LONG = "a card of the list, ".repeat(2_000);

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    @Test
    void eachPieceCanBeReadBeforeTheNextHasCome() throws IOException {
        try (var stream = new GzipStream()) {
            sent.write(stream.pieces(List.of(Markup.of("the frame, "), Markup.of(LONG)), false));

            byte[] begun = new byte[11 + LONG.length()];
            new GZIPInputStream(new ByteArrayInputStream(sent.toByteArray())).readNBytes(begun, 0, begun.length);
            assertThat(begun).asString(StandardCharsets.UTF_8).isEqualTo("the frame, " + LONG);

            sent.write(stream.pieces(List.of(Markup.of("части")), true));
        }
        assertThat(read()).isEqualTo("the frame, " + LONG + "части");
    }

    @Test
    void whatWasCompressedBeforeStandsInAnyPage() throws IOException {
        Markup kept;
        try (var blocks = new GzipBlocks()) {
            Markup.of("something before it, ".repeat(100)).compressed(blocks);
            kept = Markup.of(LONG).compressed(blocks);
        }
        Markup own = Markup.of("of this page, " + LONG);
        try (var stream = new GzipStream()) {
            sent.write(stream.pieces(List.of(kept, own), false));
            sent.write(stream.pieces(List.of(kept, own, Markup.of(""), kept), true));
        }
        String both = LONG + "of this page, " + LONG;
        assertThat(read()).isEqualTo(both + both + LONG);
        assertThat(sent.size()).isLessThan(3_000);
    }

    /** From what stands there as it is to what fills zlib's window more than once; what cannot be made smaller too. */
    @Test
    void everyLengthComesBackAsItWas() throws IOException {
        var random = new Random(7);
        StringBuilder all = new StringBuilder();
        try (var stream = new GzipStream()) {
            for (int length = 1; length < 200_000; length = length * 5 / 4 + 1) {
                String noise = random.ints(length, ' ', '~')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                all.append(noise);
                sent.write(stream.pieces(List.of(Markup.of(noise)), false));
            }
            sent.write(stream.pieces(List.of(), true));
        }
        assertThat(read()).isEqualTo(all.toString());
    }

    private String read() throws IOException {
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(sent.toByteArray())).readAllBytes(),
                StandardCharsets.UTF_8);
    }
}
