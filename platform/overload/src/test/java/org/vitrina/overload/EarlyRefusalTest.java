package org.vitrina.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the codec of Netty before it and, in the place of Vert.x, a list of what got through. */
class EarlyRefusalTest {
    private static final String REFUSED = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
    private static final String PLAIN = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

    private final List<String> admitted = new ArrayList<>();
    private final EmbeddedChannel connection = new EmbeddedChannel();
    private boolean full;

    EarlyRefusalTest() {
        connection
                .pipeline()
                .addLast("httpDecoder", new HttpRequestDecoder())
                .addLast("httpEncoder", new HttpResponseEncoder())
                .addLast("handler", new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        if (message instanceof HttpRequest request) {
                            admitted.add(request.uri());
                            EarlyRefusal.install(connection.pipeline(), asked -> full ? REFUSED : null);
                        }
                        ReferenceCountUtil.release(message);
                    }
                });
        ask("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    private void ask(String bytes) {
        connection.writeInbound(connection.alloc().buffer().writeBytes(bytes.getBytes(StandardCharsets.US_ASCII)));
    }

    private void answer(HttpResponseStatus status) {
        connection.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    }

    private String sent() {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf bytes = connection.readOutbound(); bytes != null; bytes = connection.readOutbound()) {
            sent.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
        return sent.toString();
    }

    @Test
    void refusesBeforeVertxSeesIt() {
        answer(HttpResponseStatus.OK);
        sent();
        full = true;
        ask(PLAIN);
        assertThat(sent()).isEqualTo(REFUSED);
        ask(PLAIN + PLAIN);
        assertThat(sent()).isEqualTo(REFUSED + REFUSED);
        assertThat(admitted).containsExactly("/first");
        full = false;
        ask(PLAIN);
        assertThat(sent()).isEmpty();
        assertThat(admitted).containsExactly("/first", "/a");
    }

    @Test
    void overtakesNoAnswerThatIsDue() {
        full = true;
        ask(PLAIN);
        assertThat(sent()).isEmpty();
        answer(HttpResponseStatus.OK);
        answer(HttpResponseStatus.OK);
        sent();
        ask(PLAIN);
        assertThat(sent()).isEqualTo(REFUSED);
        assertThat(admitted).containsExactly("/first", "/a");
    }

    @Test
    void doesNotTakeAnInterimAnswerForTheLast() {
        full = true;
        answer(HttpResponseStatus.CONTINUE);
        sent();
        ask(PLAIN);
        assertThat(sent()).isEmpty();
        assertThat(admitted).containsExactly("/first", "/a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD /a HTTP/1.1\r\n\r\n",
                "GET /a HTTP/1.0\r\n\r\n",
                "POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\nx",
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET /a HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
                "PUT /a HTTP/1.1\r\nExpect: 100-continue\r\n\r\n"
            })
    void leavesToTheUsualWayWhatIsNotPlain(String request) {
        answer(HttpResponseStatus.OK);
        sent();
        full = true;
        ask(request);
        assertThat(sent()).isEmpty();
        assertThat(admitted).containsExactly("/first", "/a");
    }

    @Test
    void comesIntoAConnectionOnce() {
        answer(HttpResponseStatus.OK);
        ask(PLAIN);
        answer(HttpResponseStatus.OK);
        assertThat(connection.pipeline().names().stream().filter("early-refusal"::equals))
                .hasSize(1);
    }
}
