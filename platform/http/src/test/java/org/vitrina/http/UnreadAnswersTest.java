package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gives way where answers that are not read hold more than there is. */
class UnreadAnswersTest {
    private static final int MEGABYTE = 1 << 20;
    /** What the kernel takes of an answer is little beside it. */
    private static final int SOCKET_BUFFER = 32 * 1024;
    /** Longer than what counts as alike, by more than a machine stands still. */
    private static final Duration LONG = Duration.ofSeconds(3);

    private final HeldBytes held = new HeldBytes(8 * MEGABYTE);
    private final SlowReaders readers = new SlowReaders(held);
    private final EventLoopGroup loops = new NioEventLoopGroup(2);
    private final Map<Integer, UnreadAnswers> byPort = new ConcurrentHashMap<>();
    private final List<Reader> open = new ArrayList<>();
    private volatile int size;
    private Channel server;

    @BeforeEach
    void listen() throws Exception {
        server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        UnreadAnswers unread = new UnreadAnswers(readers);
                        byPort.put(((InetSocketAddress) connection.remoteAddress()).getPort(), unread);
                        connection.pipeline().addLast(unread, new Answer(size));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    @AfterEach
    void end() throws Exception {
        for (Reader reader : open) {
            reader.socket.close();
        }
        server.close().sync();
        var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void whoReadsSlowlyButSteadilyIsServedToTheEndBesideThoseWhoStopped() throws Exception {
        // it is the oldest connection, and holds most
        Reader steady = connect(4 * MEGABYTE);
        AtomicBoolean hurry = new AtomicBoolean();
        CompletableFuture<Long> all = CompletableFuture.supplyAsync(() -> steady.readSlowly(hurry));
        List<Reader> stopped = List.of(connect(MEGABYTE), connect(MEGABYTE));
        for (Reader each : stopped) {
            await().atMost(Duration.ofSeconds(30)).until(() -> each.stalled().compareTo(LONG) > 0);
        }
        assertThat(steady.answers().held()).isGreaterThan(2_800_000);

        // with them there is not enough for all
        List<Reader> late = List.of(connect(MEGABYTE), connect(MEGABYTE));

        await().until(() -> held.held() <= 6 * MEGABYTE);
        hurry.set(true);
        assertThat(all.get()).as("the slow one").isEqualTo(4L * MEGABYTE);
        assertThat(late).as("who came last").allSatisfy(each -> assertThat(each.rest())
                .isEqualTo(MEGABYTE));
        assertThat(stopped.stream().mapToLong(Reader::rest)).as("who stopped").anyMatch(rest -> rest < MEGABYTE);
    }

    @Test
    void whatRequestsHoldEndsNoMoreReadersThanTheOneThatComes() throws Exception {
        Reader one = connect(MEGABYTE);
        Reader other = connect(MEGABYTE);
        held.change(0, 5 * MEGABYTE);

        Reader late = connect(MEGABYTE / 2);

        assertThat(late.rest()).isEqualTo(MEGABYTE / 2);
        assertThat(List.of(one, other))
                .filteredOn(each -> each.rest() == MEGABYTE)
                .hasSize(1);
        await().until(() -> held.held() == 5 * MEGABYTE);
    }

    /** Is there when its answer has begun to wait. */
    private Reader connect(int answer) throws IOException {
        size = answer;
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SOCKET_BUFFER);
        socket.setSoTimeout(30_000);
        socket.connect(server.localAddress());
        Reader reader = new Reader(socket);
        open.add(reader);
        await().until(() ->
                byPort.containsKey(socket.getLocalPort()) && reader.answers().held() > 0);
        return reader;
    }

    private final class Reader {
        private final Socket socket;

        Reader(Socket socket) {
            this.socket = socket;
        }

        UnreadAnswers answers() {
            return Objects.requireNonNull(byPort.get(socket.getLocalPort()));
        }

        Duration stalled() {
            return Duration.ofNanos(answers().stalledNanos(System.nanoTime()));
        }

        /** How much comes until the end, or all of it. */
        long rest() {
            long count = 0;
            byte[] some = new byte[SOCKET_BUFFER];
            try {
                for (int read = socket.getInputStream().read(some);
                        read >= 0;
                        read = socket.getInputStream().read(some)) {
                    count += read;
                }
            } catch (IOException reset) {
                // as good as an end
            }
            return count;
        }

        long readSlowly(AtomicBoolean hurry) {
            long count = 0;
            byte[] some = new byte[1024];
            try {
                for (int read = socket.getInputStream().read(some);
                        read >= 0;
                        read = socket.getInputStream().read(some)) {
                    count += read;
                    if (!hurry.get()) {
                        Thread.sleep(10);
                    }
                }
            } catch (IOException | InterruptedException e) {
                return -count;
            }
            return count;
        }
    }

    /** Says all at once, and ends the connection behind it. */
    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final int size;

        Answer(int size) {
            this.size = size;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            int part = 256 * 1024;
            for (int left = size; left > 0; left -= part) {
                var unused = context.write(Unpooled.wrappedBuffer(new byte[part]));
            }
            var unused = context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
