import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks one URL over kept connections and prints a line of JSON.
 *
 * <p>{@code -mode closed -conns N -duration 10s}: each connection sends its next request when the last answer came. {@code
 * -mode open -rate R -max-conns N -duration 10s -grace 3s}: a constant rate; a latency counts from when its request was due, so
 * that a pause counts against every request that was due in it. {@code -mode burst -conns N}: N new connections at once, one
 * request each; a latency counts from the moment on which all begin. {@code -header "Name: value"} goes with each request.
 */
final class Load {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String PROBLEM = "urn:vitrina:problem:";

    private final URI url;
    private final byte[] request;
    private final Map<String, Integer> statuses = new TreeMap<>();
    private final Values latencies = new Values();
    private final Values service = new Values();
    private boolean reasons;
    private int answers;
    private int ok;
    private int full;

    private Load(String url, String header) {
        this.url = URI.create(url);
        request = ("GET " + this.url.getRawPath() + " HTTP/1.1\r\nHost: " + this.url.getAuthority()
                        + "\r\nAccept: application/json\r\n" + (header.isEmpty() ? "" : header + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        Load load = new Load(
                options.getOrDefault("-url", "http://127.0.0.1:9000/products/all"), options.getOrDefault("-header", ""));
        double seconds = seconds(options.getOrDefault("-duration", "10s"));
        long begun = System.nanoTime();
        int unfinished = 0;
        if (options.getOrDefault("-mode", "closed").equals("burst")) {
            load.burst(Integer.parseInt(options.getOrDefault("-conns", "500")));
        } else if (options.getOrDefault("-mode", "closed").equals("closed")) {
            load.closed(Integer.parseInt(options.getOrDefault("-conns", "64")), seconds);
        } else {
            unfinished = load.open(
                    Double.parseDouble(options.getOrDefault("-rate", "100")),
                    Integer.parseInt(options.getOrDefault("-max-conns", "4000")),
                    seconds,
                    seconds(options.getOrDefault("-grace", "5s")));
        }
        System.out.println(load.json((System.nanoTime() - begun) / 1e9, unfinished));
        System.exit(0);
    }

    private static double seconds(String duration) {
        return Double.parseDouble(duration.substring(0, duration.length() - 1));
    }

    private void closed(int connections, double seconds) throws InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        CountDownLatch done = new CountDownLatch(connections);
        for (int i = 0; i < connections; i++) {
            Thread.ofVirtual().start(() -> {
                Connection connection = new Connection();
                while (System.nanoTime() < end) {
                    ask(connection, System.nanoTime());
                }
                connection.close();
                done.countDown();
            });
        }
        done.await();
    }

    private void burst(int connections) throws InterruptedException {
        reasons = true;
        CountDownLatch ready = new CountDownLatch(connections);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(connections);
        AtomicLong begun = new AtomicLong();
        for (int i = 0; i < connections; i++) {
            Thread.ofVirtual().start(() -> {
                ready.countDown();
                awaitQuietly(go);
                Connection connection = new Connection();
                ask(connection, begun.get());
                connection.close();
                done.countDown();
            });
        }
        ready.await();
        begun.set(System.nanoTime());
        go.countDown();
        done.await();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int open(double rate, int connections, double seconds, double grace) throws InterruptedException {
        int count = (int) (rate * seconds);
        LinkedBlockingQueue<Long> due = new LinkedBlockingQueue<>();
        AtomicInteger idle = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(count);
        int workers = 0;
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long at = begun + (long) (i / rate * 1e9);
            for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            due.add(at);
            if (idle.decrementAndGet() < 0 && workers < connections) {
                workers++;
                idle.incrementAndGet();
                Thread.ofVirtual().start(() -> work(due, idle, done));
            }
        }
        done.await((long) (grace * 1000), TimeUnit.MILLISECONDS);
        return (int) done.getCount();
    }

    private void work(LinkedBlockingQueue<Long> due, AtomicInteger idle, CountDownLatch done) {
        Connection connection = new Connection();
        try {
            while (true) {
                ask(connection, due.take());
                done.countDown();
                idle.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Connection connection, long due) {
        long sent = System.nanoTime();
        String body = null;
        String status;
        try {
            body = connection.ask();
            status = connection.status + (reasons ? reason(body) : "");
        } catch (IOException e) {
            status = "err:" + e.getClass().getSimpleName();
            connection.close();
            LockSupport.parkNanos(10_000_000);
        }
        record(status, body, System.nanoTime() - due, System.nanoTime() - sent);
    }

    /** Why a problem came in place of an answer, so that refusals of one status can be told apart. */
    private static String reason(String body) {
        int type = body.indexOf(PROBLEM);
        int end = type < 0 ? -1 : body.indexOf('"', type);
        return end < 0 ? "" : " " + body.substring(type + PROBLEM.length(), end);
    }

    private synchronized void record(String status, String body, long latency, long served) {
        answers++;
        statuses.merge(status, 1, Integer::sum);
        latencies.add(latency / 1000);
        service.add(served / 1000);
        if (status.equals("200")) {
            ok++;
            full += isFull(body) ? 1 : 0;
        }
    }

    /** Whether both counts are numbers, and there is a level for each product. */
    private static boolean isFull(String body) {
        int products = numbers(body, "\"product_id\":");
        return products > 0
                && numbers(body, "\"inventory\":") == products
                && numbers(body, "\"cart_items\":") == 1
                && numbers(body, "\"favorite_items\":") == 1;
    }

    private static int numbers(String body, String key) {
        int count = 0;
        for (int i = body.indexOf(key); i >= 0; i = body.indexOf(key, i + 1)) {
            count += Character.isDigit(body.charAt(i + key.length())) ? 1 : 0;
        }
        return count;
    }

    private synchronized String json(double elapsed, int unfinished) {
        StringBuilder text = new StringBuilder("{\"status\":{");
        statuses.forEach((status, count) -> text.append(text.charAt(text.length() - 1) == '{' ? "" : ",")
                .append("\"%s\":%d".formatted(status, count)));
        return text.append(("},\"requests\":%d,\"unfinished\":%d,\"elapsed_s\":%s,\"rps\":%s,\"ok_rps\":%s,\"ok_pct\":%s,"
                                + "\"full_pct\":%s,\"latency_us\":%s,\"service_us\":%s}")
                        .formatted(answers, unfinished, elapsed, answers / elapsed, ok / elapsed, share(ok), share(full),
                                latencies, service))
                .toString();
    }

    private double share(int part) {
        return answers == 0 ? 0 : Math.round(part * 1e5 / answers) / 1e3;
    }

    private final class Connection {
        private Socket socket;
        private InputStream in;
        private int status;

        String ask() throws IOException {
            if (socket == null) {
                socket = new Socket();
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), TIMEOUT_MILLIS);
                in = new BufferedInputStream(socket.getInputStream(), 16_384);
            }
            socket.getOutputStream().write(request);
            status = Integer.parseInt(line().substring(9, 12));
            int length = 0;
            boolean last = false;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase();
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
                last |= lower.startsWith("connection:") && lower.endsWith("close");
            }
            String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            if (last) {
                close();
            }
            return body;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException();
                }
                line.append((char) c);
            }
            line.setLength(Math.max(0, line.length() - 1));
            return line.toString();
        }

        void close() {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                // it is given up
            }
            socket = null;
        }
    }

    /** Microseconds, all of them. */
    private static final class Values {
        private long[] values = new long[1024];
        private int count;

        void add(long value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }

        @Override
        public String toString() {
            long[] sorted = Arrays.copyOf(values, count);
            Arrays.sort(sorted);
            return "{\"min\":%d,\"p50\":%d,\"p90\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d}"
                    .formatted(at(sorted, 0), at(sorted, .5), at(sorted, .9), at(sorted, .99), at(sorted, .999), at(sorted, 1));
        }

        private static long at(long[] sorted, double share) {
            return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
        }
    }
}
