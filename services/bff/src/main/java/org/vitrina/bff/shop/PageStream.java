package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestMulti;

/** Sends a page: its frame at once, with the parts that are at hand, then each part when it is there, in whatever order they come. */
final class PageStream {
    private static final Logger LOG = Logger.getLogger(PageStream.class);
    private static final String END_TEXT = "</div>\n</body>\n</html>\n";
    private static final byte[] END = part(END_TEXT);

    private PageStream() {}

    /**
     * A page to send.
     *
     * @param frame up to where the parts are put in
     * @param parts markup for the frame's places, each piece in UTF-8; a part that fails is left out
     */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Page(int status, byte[] frame, List<Multi<byte[]>> parts) {}

    static RestMulti<byte[]> send(Visit visit, Page page) {
        RestMulti.SyncRestMulti.Builder<byte[]> answer =
                RestMulti.fromMultiData(bytes(visit, page)).status(page.status());
        return visit.gzip() ? answer.header("Content-Encoding", "gzip").build() : answer.build();
    }

    /** The same where the status is known only when something has been found. */
    static RestMulti<byte[]> send(Visit visit, Uni<Page> page) {
        Map<String, List<String>> encoding = visit.gzip() ? Map.of("Content-Encoding", List.of("gzip")) : Map.of();
        return RestMulti.fromUniResponse(page, found -> bytes(visit, found), found -> encoding, Page::status);
    }

    /** A page that is there as a whole. */
    static String whole(String frame, String content) {
        return frame + content + END_TEXT;
    }

    /** Markup as it is sent. */
    static byte[] part(String markup) {
        return markup.getBytes(StandardCharsets.UTF_8);
    }

    private static Multi<byte[]> bytes(Visit visit, Page page) {
        List<Multi<byte[]>> safe =
                page.parts().stream().map(PageStream::without).toList();
        Multi<byte[]> late = safe.isEmpty()
                ? Multi.createFrom().empty()
                : Multi.createBy().merging().withConcurrency(safe.size()).streams(safe);
        Multi<byte[]> pieces =
                Multi.createBy().concatenating().streams(Multi.createFrom().item(page.frame()), late);
        return visit.gzip() ? zipped(pieces) : plain(pieces);
    }

    private static Multi<byte[]> plain(Multi<byte[]> pieces) {
        return Turns.joined(Multi.createBy()
                .concatenating()
                .streams(pieces, Multi.createFrom().item(END)));
    }

    private static Multi<byte[]> zipped(Multi<byte[]> pieces) {
        return Multi.createFrom().deferred(() -> {
            var zip = new GzipStream();
            Multi<byte[]> end = Multi.createFrom().item(() -> {
                byte[] last = zip.piece(END);
                byte[] trailer = zip.end();
                byte[] both = Arrays.copyOf(last, last.length + trailer.length);
                System.arraycopy(trailer, 0, both, last.length, trailer.length);
                return both;
            });
            return Multi.createBy()
                    .concatenating()
                    .streams(Turns.joined(pieces).map(zip::piece), end)
                    .onTermination()
                    .invoke(zip::end);
        });
    }

    private static Multi<byte[]> without(Multi<byte[]> part) {
        return part.onFailure().recoverWithMulti(failure -> {
            LOG.error("A part of a page is left out", failure);
            return Multi.createFrom().empty();
        });
    }
}
