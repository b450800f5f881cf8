import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.servers.BrokerServer;

/**
 * Predictions a second of packaged replicas of model through a broker of this machine, and processor time a prediction.
 * {@code benchmarks/pipeline} runs it. One line of JSON for each measurement.
 */
final class Pipeline {
    private static final long LIMIT_MILLIS = 120_000;

    private final BrokerServer broker = BrokerServer.start();
    private final Path runner;
    private final List<Process> replicas = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong copies = new AtomicLong();
    private final Connection connection;

    private Pipeline(Path runner) throws Exception {
        this.runner = runner;
        this.connection = broker.connect();
    }

    public static void main(String[] arguments) throws Exception {
        Path runner = Path.of(arguments[0]).toAbsolutePath();
        int messages = Integer.parseInt(arguments[1]);
        int rate = Integer.parseInt(arguments[2]);
        int prefetch = Integer.parseInt(arguments[3]);
        int batch = Integer.parseInt(arguments[4]);
        var pipeline = new Pipeline(runner);
        try {
            pipeline.start(prefetch, batch);
            pipeline.consume();
            pipeline.drain("warm-up", messages, prefetch, batch);
            pipeline.drain("drain", messages, prefetch, batch);
            pipeline.atRate(rate, messages / 2, prefetch, batch);
            pipeline.start(prefetch, batch);
            pipeline.drain("warm-up", messages, prefetch, batch);
            pipeline.drain("drain", messages, prefetch, batch);
            pipeline.atRate(rate, messages / 2, prefetch, batch);
        } finally {
            pipeline.replicas.forEach(Process::destroyForcibly);
            pipeline.broker.close();
        }
    }

    private void start(int prefetch, int batch) throws Exception {
        replicas.add(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms64m",
                        "-Xmx128m",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-Dquarkus.http.port=0",
                        "-Dquarkus.management.port=0",
                        "-Dvitrina.broker.port=" + broker.port(),
                        "-Dvitrina.stream.prefetch=" + prefetch,
                        "-Dvitrina.stream.batch=" + batch,
                        "-jar",
                        runner.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(
                        Files.createTempFile("model", ".log").toFile()))
                .start());
        try (Channel channel = connection.createChannel()) {
            channel.queueDeclare("features", true, false, false, null);
            long end = System.currentTimeMillis() + LIMIT_MILLIS;
            while (channel.consumerCount("features") < replicas.size()) {
                if (System.currentTimeMillis() > end) {
                    throw new IllegalStateException("model does not read its queue");
                }
                Thread.sleep(50);
            }
        }
    }

    /** As metrics and predictions do, but that nothing is done with the answers. */
    private void consume() throws Exception {
        Channel channel = connection.createChannel();
        channel.basicConsume("y_pred", true, (tag, delivery) -> answers.incrementAndGet(), tag -> {});
        channel.basicConsume("y_pred.predictions", true, (tag, delivery) -> copies.incrementAndGet(), tag -> {});
    }

    /** All at once: as many as can be. */
    private void drain(String what, int messages, int prefetch, int batch) throws Exception {
        measure(what, messages, 0, prefetch, batch);
    }

    private void atRate(int rate, int messages, int prefetch, int batch) throws Exception {
        measure("rate", messages, rate, prefetch, batch);
    }

    private void measure(String what, int messages, int rate, int prefetch, int batch) throws Exception {
        long before = answers.get();
        long copiesBefore = copies.get();
        long cpu = cpuMillis();
        long start = System.nanoTime();
        try (Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (int i = 0; i < messages; i++) {
                String body = "{\"id\":\"b-" + i + "\",\"features\":"
                        + Diabetes.rows().get(i % Diabetes.rows().size()).features() + "}";
                channel.basicPublish("", "features", MessageProperties.PERSISTENT_BASIC, body.getBytes());
                if (rate > 0) {
                    long early = start + (i + 1) * 1_000_000_000L / rate - System.nanoTime();
                    if (early > 1_000_000) {
                        Thread.sleep(early / 1_000_000);
                    }
                }
            }
            channel.waitForConfirms(LIMIT_MILLIS);
        }
        long end = System.currentTimeMillis() + LIMIT_MILLIS;
        while (answers.get() - before < messages || copies.get() - copiesBefore < messages) {
            if (System.currentTimeMillis() > end) {
                throw new IllegalStateException((answers.get() - before) + " answers of " + messages);
            }
            Thread.sleep(1);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"at\":\"%s\",\"what\":\"%s\",\"broker\":\"%s\",\"replicas\":%d,\"messages\":%d,\"asked_rate\":%d,"
                        + "\"prefetch\":%d,\"batch\":%d,\"seconds\":%.2f,\"per_second\":%.0f,\"cpu_us_per_message\":%.1f}%n",
                Instant.now(),
                what,
                BrokerServer.chosen(),
                replicas.size(),
                messages,
                rate,
                prefetch,
                batch,
                seconds,
                messages / seconds,
                (cpuMillis() - cpu) * 1000.0 / messages);
    }

    /** Of all replicas; the kernel counts in hundredths of a second. */
    private long cpuMillis() throws Exception {
        long ticks = 0;
        for (Process replica : replicas) {
            String stat = Files.readString(Path.of("/proc", Long.toString(replica.pid()), "stat"));
            List<String> fields = Stream.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ")).toList();
            ticks += Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
        }
        return ticks * 10;
    }
}
