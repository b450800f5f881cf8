package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vitrina.cache.RedisAddress.SentinelAddress;

/** Asks the sentinels of a Redis, one after another, which server is its primary now. The one that knew it last is asked first. */
final class Sentinels {
    private static final int LONGEST_WORD = 1024;

    private final SentinelAddress address;
    private final List<List<byte[]>> commands = new ArrayList<>();
    private final int limitMillis;
    private final Dialer dialer;
    private volatile int last;

    /** Opens a connection. */
    @FunctionalInterface
    interface Dialer {
        ChannelFuture connect(EventLoop loop, SocketAddress target, ChannelHandler... handlers);
    }

    /** @param password of the servers; a sentinel that wants none says so, and answers all the same */
    Sentinels(SentinelAddress address, @Nullable String password, int limitMillis, Dialer dialer) {
        this.address = address;
        if (password != null) {
            commands.add(words("AUTH", password));
        }
        commands.add(words("SENTINEL", "GET-MASTER-ADDR-BY-NAME", address.name()));
        this.limitMillis = limitMillis;
        this.dialer = dialer;
    }

    /** Fails where no sentinel knows it. */
    Future<HostPort> primary(EventLoop loop) {
        Promise<HostPort> known = loop.newPromise();
        ask(loop, last, 0, known);
        return known;
    }

    private void ask(EventLoop loop, int first, int tried, Promise<HostPort> known) {
        if (tried == address.servers().size()) {
            known.setFailure(new ConnectException("no sentinel names a primary"));
            return;
        }
        int index = (first + tried) % address.servers().size();
        HostPort sentinel = address.servers().get(index);
        Promise<HostPort> answer = loop.newPromise();
        Question question = new Question(commands.size() - 1, answer);
        ChannelFuture connected = dialer.connect(
                loop,
                InetSocketAddress.createUnresolved(sentinel.host(), sentinel.port()),
                new RespDecoder(question, LONGEST_WORD),
                question);
        var timer = loop.schedule(
                () -> answer.tryFailure(new ConnectException("silence")), limitMillis, TimeUnit.MILLISECONDS);
        var unusedSent = connected.addListener(done -> send(connected, answer));
        var unusedAnswer = answer.addListener(done -> {
            timer.cancel(false);
            var unusedClose = connected.channel().close();
            if (answer.isSuccess()) {
                last = index;
                known.setSuccess(answer.getNow());
            } else {
                ask(loop, first, tried + 1, known);
            }
        });
    }

    private void send(ChannelFuture connected, Promise<HostPort> answer) {
        if (!connected.isSuccess()) {
            answer.tryFailure(connected.cause());
            return;
        }
        Channel line = connected.channel();
        for (List<byte[]> command : commands) {
            var unused = line.writeAndFlush(RedisProtocol.words(line, command), line.voidPromise());
        }
    }

    private static List<byte[]> words(String... words) {
        List<byte[]> bytes = new ArrayList<>();
        for (String word : words) {
            bytes.add(word.getBytes(StandardCharsets.UTF_8));
        }
        return bytes;
    }

    /** Reads the answer: host and port. */
    private static final class Question extends ChannelInboundHandlerAdapter implements ReplySink {
        private final Promise<HostPort> answer;
        private final List<String> words = new ArrayList<>();
        private int lines;

        /** @param lines that come before the answer */
        Question(int lines, Promise<HostPort> answer) {
            this.lines = lines;
            this.answer = answer;
        }

        @Override
        public int expected() {
            return 0;
        }

        @Override
        public void line(char type, String text) {
            if (lines-- <= 0) {
                answer.tryFailure(new ConnectException(text));
            }
        }

        @Override
        public boolean array(int size) {
            return size == 2;
        }

        @Override
        public void element(@Nullable ByteBuf value) {
            words.add(value == null ? "" : value.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void arrayEnd() {
            try {
                answer.trySuccess(new HostPort(words.get(0), Integer.parseInt(words.get(1))));
            } catch (NumberFormatException garbage) {
                answer.tryFailure(garbage);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.tryFailure(new ConnectException("hung up"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answer.tryFailure(cause);
        }
    }
}
