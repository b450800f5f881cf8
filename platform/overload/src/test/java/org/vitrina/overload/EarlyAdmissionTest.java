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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the codec of Netty before it and, in the place of Vert.x, a list of what got through. */
class EarlyAdmissionTest {
    private static final String REFUSED = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
    private static final String REFUSED_AND_LEFT =
            "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    private static final String PLAIN = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

    private final AdaptiveLimit limit = new AdaptiveLimit(1, 1, 1, 3_000_000);
    private final AtomicLong clock = new AtomicLong(System.nanoTime());
    private final AdmissionQueue queue = new AdmissionQueue(limit, 10_000_000, 500_000_000, 5000, clock::get, () -> {});
    private final List<String> admitted = new ArrayList<>();
    private final EmbeddedChannel connection = new EmbeddedChannel();
    private long maxAge = Duration.ofHours(1).toNanos();

    EarlyAdmissionTest() {
        connection
                .pipeline()
                .addLast("httpDecoder", new HttpRequestDecoder())
                .addLast("httpEncoder", new HttpResponseEncoder())
                .addLast("handler", new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        if (message instanceof HttpRequest request) {
                            begin(request);
                        }
                        ReferenceCountUtil.release(message);
                    }
                });
    }

    private void begin(HttpRequest request) {
        admitted.add(request.uri());
        EarlyAdmission known = EarlyAdmission.of(connection.pipeline());
        if (known == null) {
            EarlyAdmission.install(connection.pipeline(), new Gate(), queue, maxAge, EarlyAdmission.Reader.PLAIN);
        } else {
            WaitingRequest waited = known.takeAdmitted();
            if (waited != null) {
                queue.end(waited);
            }
        }
    }

    private static final class Gate implements EarlyAdmission.Gate {
        @Override
        public boolean takes(HttpRequest request) {
            return !request.uri().equals("/usual");
        }

        @Override
        public long longestWait(HttpRequest request) {
            return Duration.ofMillis(500).toNanos();
        }

        @Override
        public String refusal(HttpRequest request, boolean last) {
            return last ? REFUSED_AND_LEFT : REFUSED;
        }
    }

    /** A connection whose first request has been answered. */
    private void begin() {
        ask("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
        answer(HttpResponseStatus.OK);
        sent();
        admitted.clear();
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

    private void fill() {
        assertThat(queue.tryEnter()).isTrue();
    }

    private void freeAPlace() {
        queue.release();
        connection.runPendingTasks();
    }

    private void letThemWaitTooLong() {
        clock.addAndGet(Duration.ofSeconds(60).toNanos());
        queue.look();
        connection.runPendingTasks();
    }

    @Test
    void parksWhatComesBeyondTheLimitUntilThereIsAPlace() {
        begin();
        fill();
        ask(PLAIN);
        assertThat(admitted).isEmpty();
        assertThat(sent()).isEmpty();
        assertThat(queue.waiting()).isEqualTo(1);
        freeAPlace();
        assertThat(admitted).containsExactly("/a");
        assertThat(queue.waiting()).isZero();
        answer(HttpResponseStatus.OK);
        assertThat(sent()).startsWith("HTTP/1.1 200 ");
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void refusesWhatHasWaitedTooLongBeforeVertxSeesIt() {
        begin();
        fill();
        ask(PLAIN);
        letThemWaitTooLong();
        assertThat(sent()).isEqualTo(REFUSED);
        ask(PLAIN);
        letThemWaitTooLong();
        assertThat(sent()).isEqualTo(REFUSED);
        assertThat(admitted).isEmpty();
        queue.release();
        ask(PLAIN);
        assertThat(admitted).containsExactly("/a");
    }

    @Test
    void answersInTheOrderOfTheRequestsOfAConnection() {
        begin();
        fill();
        ask(PLAIN + "GET /b HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /c HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(queue.waiting()).isEqualTo(1);
        assertThat(connection.config().isAutoRead()).isFalse();
        freeAPlace();
        assertThat(admitted).containsExactly("/a", "/b", "/c");
        assertThat(connection.config().isAutoRead()).isTrue();
    }

    @Test
    void goesOnWithTheNextRequestWhenItRefusesOne() {
        begin();
        fill();
        ask(PLAIN + "GET /usual HTTP/1.1\r\nHost: x\r\n\r\n" + PLAIN);
        letThemWaitTooLong();
        assertThat(sent()).isEqualTo(REFUSED);
        assertThat(admitted).containsExactly("/usual", "/a");
    }

    @Test
    void parksTheNextOneAgainAfterARefusal() {
        begin();
        fill();
        ask(PLAIN + "GET /b HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /c HTTP/1.1\r\nHost: x\r\n\r\n");
        letThemWaitTooLong();
        assertThat(sent()).isEqualTo(REFUSED);
        assertThat(queue.waiting()).isEqualTo(1);
        freeAPlace();
        assertThat(admitted).containsExactly("/b", "/c");
    }

    @Test
    void refusesAtOnceWhatThereIsNoMemoryFor() {
        begin();
        fill();
        ask("GET /" + "x".repeat(3999) + " HTTP/1.1\r\n\r\n");
        assertThat(sent()).isEqualTo(REFUSED);
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void givesUpWhatACallerThatLeavesHasWaitingAndItsPlace() {
        begin();
        fill();
        ask(PLAIN);
        var unused = connection.close();
        assertThat(queue.waiting()).isZero();
        queue.release();
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void givesBackThePlaceOfACallerThatLeavesWhenItHasJustGotIt() {
        begin();
        fill();
        ask(PLAIN);
        queue.release();
        connection.pipeline().fireChannelInactive();
        connection.runPendingTasks();
        assertThat(admitted).isEmpty();
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void overtakesNoAnswerThatIsDue() {
        ask(PLAIN);
        fill();
        ask(PLAIN);
        assertThat(admitted).containsExactly("/a", "/a");
        answer(HttpResponseStatus.CONTINUE);
        answer(HttpResponseStatus.OK);
        ask(PLAIN);
        assertThat(admitted).hasSize(3);
        answer(HttpResponseStatus.OK);
        answer(HttpResponseStatus.OK);
        ask(PLAIN);
        assertThat(admitted).hasSize(3);
        assertThat(queue.waiting()).isEqualTo(1);
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
        begin();
        fill();
        ask(request);
        assertThat(sent()).isEmpty();
        assertThat(queue.waiting()).isZero();
        assertThat(admitted).containsExactly("/a");
    }

    @Test
    void comesIntoAConnectionOnce() {
        begin();
        ask(PLAIN);
        answer(HttpResponseStatus.OK);
        assertThat(connection.pipeline().names().stream().filter("early-admission"::equals))
                .hasSize(1);
    }

    @Test
    void knowsWhenAnOldConnectionOwesOnlyOneMoreAnswer() {
        maxAge = 0;
        ask(PLAIN + PLAIN);
        EarlyAdmission old = Objects.requireNonNull(EarlyAdmission.of(connection.pipeline()));
        assertThat(old.mayLeave()).isFalse();
        answer(HttpResponseStatus.OK);
        assertThat(old.mayLeave()).isTrue();
    }

    @Test
    void endsAfterItsLastAnswerAndGivesVertxTheRestOfThatRequest() {
        begin();
        ask("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n");
        Objects.requireNonNull(EarlyAdmission.of(connection.pipeline())).leaveAfterAnswer();
        ask("xx");
        assertThat(connection.isOpen()).isTrue();
        answer(HttpResponseStatus.OK);
        assertThat(sent()).startsWith("HTTP/1.1 200 ");
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void isInNoHurryOnAYoungConnection() {
        begin();
        ask(PLAIN);
        assertThat(Objects.requireNonNull(EarlyAdmission.of(connection.pipeline()))
                        .mayLeave())
                .isFalse();
    }

    @Test
    void saysGoodbyeToWhomItRefusesOnAnOldConnection() {
        maxAge = 0;
        begin();
        fill();
        ask(PLAIN);
        letThemWaitTooLong();
        assertThat(sent()).isEqualTo(REFUSED_AND_LEFT);
        assertThat(connection.isOpen()).isFalse();
    }
}
