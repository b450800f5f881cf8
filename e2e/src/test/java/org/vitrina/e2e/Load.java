package org.vitrina.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.vitrina.e2e.Figures.Answer;

/**
 * Asks a BFF for its shop page at a steady rate, however long the answers take: every other time on a connection that is
 * kept alive, every other time on a new one. Each answer is judged ({@link Page#label()}); nothing is repeated or left out.
 *
 * <p>As a program: {@code Load URL RATE}, then a line {@code begin} on standard input forgets what was, and {@code end}
 * prints what became of the requests since, with {@code .} in a line of its own at the end; it ends with its input.
 */
public final class Load implements AutoCloseable {
    /** Has three lines in the cart and three favorites in the demo data. */
    private static final String PAGE = "/products/all?user_id=1";

    private static final int IDLE_CONNECTIONS = 8;

    private final InetSocketAddress address;
    private final long intervalNanos;
    private final ConcurrentLinkedQueue<WireConnection> idle = new ConcurrentLinkedQueue<>();
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread pace = new Thread(this::run, "load");
    private volatile boolean running = true;
    private Figures current = new Figures();

    private Load(URI bff, int perSecond) {
        this.address = new InetSocketAddress(bff.getHost(), bff.getPort());
        this.intervalNanos = Duration.ofSeconds(1).toNanos() / perSecond;
    }

    static Load on(URI bff, int perSecond) {
        var load = new Load(bff, perSecond);
        load.pace.start();
        return load;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 2) {
            System.err.println("Load URL RATE; then on standard input 'begin' and 'end'");
            System.exit(2);
        }
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var load = on(URI.create(args[0]), Integer.parseInt(args[1]))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                List<Answer> answers = load.take();
                if (line.equals("end")) {
                    Figures.report(answers).forEach(System.out::println);
                    System.out.println(".");
                }
            }
        }
    }

    /** What became of every request that was begun since the last call. */
    List<Answer> take() throws InterruptedException {
        Figures past;
        synchronized (this) {
            past = current;
            current = new Figures();
        }
        return past.all();
    }

    @Override
    public void close() {
        running = false;
        try {
            pace.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requests.close();
        idle.forEach(WireConnection::close);
    }

    private void run() {
        long next = System.nanoTime();
        for (boolean kept = true; running; kept = !kept) {
            for (long early = next - System.nanoTime(); early > 0; early = next - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            Figures figures = begin();
            boolean keep = kept;
            requests.execute(() -> figures.add(ask(keep)));
            next += intervalNanos;
        }
    }

    private synchronized Figures begin() {
        current.asked();
        return current;
    }

    private Answer ask(boolean keep) {
        Instant asked = Instant.now();
        long start = System.nanoTime();
        String label = null;
        String wrong = null;
        try {
            WireConnection.Reply reply = reply(keep);
            var page = new Page(
                    reply.status(),
                    reply.headers(),
                    reply.body(),
                    Duration.ofNanos(System.nanoTime() - start),
                    Duration.ZERO);
            label = page.label();
            if (reply.status() != 200) {
                wrong = page.toString();
            }
        } catch (IOException e) {
            wrong = e.toString();
        } catch (RuntimeException | AssertionError e) {
            wrong = "not what the contract promises: " + oneLine(e);
        }
        return new Answer(
                asked, keep, Duration.ofNanos(System.nanoTime() - start), wrong == null ? label : null, wrong);
    }

    private WireConnection.Reply reply(boolean keep) throws IOException {
        WireConnection old = keep ? alive() : null;
        WireConnection connection = old == null ? new WireConnection(address) : old;
        boolean again = false;
        try {
            WireConnection.Reply reply = connection.get(PAGE, keep);
            again = !reply.last() && idle.size() < IDLE_CONNECTIONS;
            return reply;
        } finally {
            if (again) {
                idle.add(connection);
            } else {
                connection.close();
            }
        }
    }

    /** The kept connection that was idle for the longest time, so that all are used in turn; null where there is none. */
    private @Nullable WireConnection alive() {
        for (WireConnection connection = idle.poll(); connection != null; connection = idle.poll()) {
            if (!connection.ended()) {
                return connection;
            }
            connection.close();
        }
        return null;
    }

    private static String oneLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
    }
}
