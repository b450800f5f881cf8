package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestMulti;

/** Sends a page: its frame at once, with the parts that are at hand, then each part when it is there, in whatever order they come. */
final class PageStream {
    private static final Logger LOG = Logger.getLogger(PageStream.class);
    private static final String END_TEXT = "</div>\n</body>\n</html>\n";
    private static final Markup END = Markup.of(END_TEXT);

    private PageStream() {}

    /**
     * A page to send.
     *
     * @param frame up to where the parts are put in
     * @param parts markup for the frame's places; a part that fails is left out
     */
    record Page(int status, List<Markup> frame, List<Multi<Markup>> parts) {}

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

    private static Multi<byte[]> bytes(Visit visit, Page page) {
        List<Multi<Markup>> safe =
                page.parts().stream().map(PageStream::without).toList();
        Multi<Markup> late = safe.isEmpty()
                ? Multi.createFrom().empty()
                : Multi.createBy().merging().withConcurrency(safe.size()).streams(safe);
        Multi<List<Markup>> turns = Turns.joined(Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().iterable(page.frame()),
                        late,
                        Multi.createFrom().item(END)));
        return visit.gzip() ? zipped(turns) : turns.map(PageStream::plain);
    }

    private static byte[] plain(List<Markup> pieces) {
        return Markup.joined(pieces.stream().map(Markup::plain).toList());
    }

    private static Multi<byte[]> zipped(Multi<List<Markup>> turns) {
        return Multi.createFrom().deferred(() -> {
            var zip = new GzipStream();
            return turns.map(turn -> zip.pieces(turn, turn.getLast() == END))
                    .onTermination()
                    .invoke(zip::close);
        });
    }

    private static Multi<Markup> without(Multi<Markup> part) {
        return part.onFailure().recoverWithMulti(failure -> {
            LOG.error("A part of a page is left out", failure);
            return Multi.createFrom().empty();
        });
    }
}
