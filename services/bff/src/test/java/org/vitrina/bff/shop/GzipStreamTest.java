package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GzipStreamTest {
    @Test
    void eachPieceCanBeReadBeforeTheNextHasCome() throws IOException {
        var stream = new GzipStream();
        var sent = new ByteArrayOutputStream();
        sent.write(stream.piece(PageStream.part("the frame, ")));

        byte[] frame = new GZIPInputStream(new ByteArrayInputStream(sent.toByteArray())).readNBytes(11);

        assertThat(new String(frame, StandardCharsets.UTF_8)).isEqualTo("the frame, ");
        sent.write(stream.piece(PageStream.part("части")));
        sent.write(stream.end());
        assertThat(new GZIPInputStream(new ByteArrayInputStream(sent.toByteArray())).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("the frame, части");
        assertThat(stream.end()).isEmpty();
    }
}
