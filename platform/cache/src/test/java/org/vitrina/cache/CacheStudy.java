package org.vitrina.cache;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrina.cache.CacheConfig.Topology;
import org.vitrina.servers.MemcachedServer;
import org.vitrina.servers.MemoryServer;
import org.vitrina.testing.proxy.Fault;

/**
 * Measures the topologies beside each other, each with several pods, and prints a line of JSON for each: {@code benchmarks/cache}
 * runs it and makes tables and charts of it. Pods are as many caches with an event loop each in this process; their servers are
 * real. Each question is for one of {@value StudyDatabase#KEYS} keys, drawn by Zipf's law, at a constant rate over all pods; each
 * hundredth is a write, which is invalidated by one pod. Then one of each kind of server is killed under the same load.
 */
final class CacheStudy {
    private static final int WRITE_EVERY = 100;
    private static final Pattern TRAFFIC =
            Pattern.compile("(?:total_net_(?:repl_)?(?:in|out)put_bytes:|STAT bytes_(?:read|written) )(\\d+)");
    private static final double[] ZIPF = zipf();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Random random = new Random(19);
    private final int rate;
    private final double warm;
    private final double seconds;
    private final double killed;

    private CacheStudy(int rate, double warm, double seconds, double killed) {
        this.rate = rate;
        this.warm = warm;
        this.seconds = seconds;
        this.killed = killed;
    }

    /** Arguments: topologies and numbers of pods, each with commas, answers a second, seconds of warm-up, measured, killed. */
    public static void main(String[] arguments) throws Exception {
        List<Topology> topologies = Arrays.stream(arguments[0].split(","))
                .map(name -> Topology.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                .filter(topology -> topology != Topology.MEMCACHED || MemcachedServer.isInstalled())
                .toList();
        int[] pods = Arrays.stream(arguments[1].split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        CacheStudy study = new CacheStudy(
                Integer.parseInt(arguments[2]),
                Double.parseDouble(arguments[3]),
                Double.parseDouble(arguments[4]),
                Double.parseDouble(arguments[5]));
        // compiled before anything is measured
        CacheStudy before = new CacheStudy(study.rate, 1, 1, 0.5);
        for (Topology topology : topologies) {
            before.measured(topology, 1, -1);
        }
        for (Topology topology : topologies) {
            for (int count : pods) {
                System.out.println(study.measured(topology, count, -1).encode());
            }
        }
        for (int away : topologies.contains(Topology.DEDICATED) ? new int[] {0, 500} : new int[0]) {
            System.out.println(study.measured(Topology.DEDICATED, pods[0], away).encode());
        }
        System.exit(0);
    }

    /** @param awayMicros by how much a proxy delays each answer of a server; less than 0: none stands there */
    private JsonObject measured(Topology topology, int count, int awayMicros) throws Exception {
        Path folder = Files.createTempDirectory("vitrina-study");
        try (TopologyServers servers = new TopologyServers(topology, folder, count, 64, awayMicros >= 0)) {
            List<StudyPod> pods = new ArrayList<>();
            try {
                JsonObject row = measured(servers, pods, count, awayMicros);
                return awayMicros < 0 ? row : row.put("away_us", awayMicros);
            } finally {
                pods.forEach(StudyPod::close);
            }
        }
    }

    private JsonObject measured(TopologyServers servers, List<StudyPod> pods, int count, int awayMicros)
            throws Exception {
        StudyDatabase database = new StudyDatabase();
        if (awayMicros >= 0) {
            servers.inject(Fault.late(Duration.ofNanos(awayMicros * 1_000L)));
        }
        long before = heap();
        for (int pod = 0; pod < count; pod++) {
            pods.add(new StudyPod(database, servers.settings(pod)));
        }
        load(database, pods, warm);
        JsonObject row = row(database, pods, servers)
                .put("pod_mb", Math.max(0, Math.round((heap() - before) / 1e5 / count) / 10.0))
                .put("cache_mb", Math.round(resident(servers) / 1e5) / 10.0)
                .put(
                        "topology",
                        servers.topology().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("pods", count);
        JsonArray kills = new JsonArray();
        for (TopologyServers.Part part : awayMicros < 0 ? servers.parts() : List.<TopologyServers.Part>of()) {
            kills.add(killed(database, pods, part));
        }
        return row.put("killed", kills);
    }

    private JsonObject row(StudyDatabase database, List<StudyPod> pods, TopologyServers servers) throws Exception {
        long loads = pods.stream().mapToLong(StudyPod::loads).sum();
        long traffic = traffic(servers);
        long theirs = theirCpu(servers);
        long own = SYSTEM.getProcessCpuTime() - driverCpu();
        StudyCounts counts = load(database, pods, seconds);
        own = SYSTEM.getProcessCpuTime() - driverCpu() - own;
        theirs = theirCpu(servers) - theirs;
        traffic = traffic(servers) - traffic;
        loads = pods.stream().mapToLong(StudyPod::loads).sum() - loads;
        double answers = Math.max(1, counts.answers());
        JsonObject latency =
                new JsonObject().put("p50", counts.latencyMicros(0.5)).put("p99", counts.latencyMicros(0.99));
        if (counts.answers() >= 100_000) {
            latency.put("p999", counts.latencyMicros(0.999));
        }
        return new JsonObject()
                .put("answers", counts.answers())
                .put("failed", counts.failures())
                .put("hit_pct", counts.hitPercent())
                .put("loads_per_100", Math.round(loads * 1e4 / answers) / 1e2)
                .put("latency_us", latency)
                .put("pod_cpu_us", Math.round(own / answers / 100) / 10.0)
                .put("cache_cpu_us", Math.round(theirs / answers / 100) / 10.0)
                .put("bytes", Math.round(traffic / answers))
                .put("stale_pct", counts.stalePercent())
                .put("stale_p50_ms", counts.staleMillis(0.5))
                .put("stale_max_ms", counts.staleMillis(1));
    }

    private JsonObject killed(StudyDatabase database, List<StudyPod> pods, TopologyServers.Part part) throws Exception {
        part.kill().run();
        StudyCounts away = load(database, pods, killed);
        part.restart().run();
        StudyCounts back = load(database, pods, killed);
        return new JsonObject()
                .put("part", part.name())
                .put("answers", away.answers() + back.answers())
                .put("failed", away.failures() + back.failures())
                .put("hit_pct", away.hitPercent())
                .put("p99_us", away.latencyMicros(0.99))
                .put("max_us", away.latencyMicros(1))
                .put("hit_pct_after", back.hitPercent())
                .put("stale_max_ms_after", back.staleMillis(1));
    }

    /** What all pods counted in so many seconds. */
    private StudyCounts load(StudyDatabase database, List<StudyPod> pods, double duration) throws Exception {
        for (StudyPod pod : pods) {
            pod.counted();
        }
        long begun = System.nanoTime();
        for (long i = 0; i < (long) (rate * duration); i++) {
            long due = begun + (long) (i * 1e9 / rate);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            StudyPod pod = pods.get((int) (i % pods.size()));
            int key = key();
            if (i % WRITE_EVERY == WRITE_EVERY - 1) {
                database.write(key);
                pod.invalidate(key);
            } else {
                pod.ask(key, due);
            }
        }
        StudyCounts all = new StudyCounts();
        for (StudyPod pod : pods) {
            all.add(pod.counted());
        }
        return all;
    }

    private int key() {
        int place = Arrays.binarySearch(ZIPF, random.nextDouble());
        return Math.min(StudyDatabase.KEYS - 1, place < 0 ? -place - 1 : place);
    }

    /** The share of all questions for this key and those before it, where the n-th is asked for 1/n as often as the first. */
    private static double[] zipf() {
        double[] sums = new double[StudyDatabase.KEYS];
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += 1.0 / (i + 1);
            sums[i] = sum;
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= sum;
        }
        return sums;
    }

    private static long driverCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** What is in use once the garbage is gone. */
    private static long heap() throws InterruptedException {
        System.gc();
        // what is cleaned up by threads of their own is garbage only then
        TimeUnit.MILLISECONDS.sleep(200);
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long theirCpu(TopologyServers servers) {
        return servers.servers().stream()
                .mapToLong(server -> ProcessHandle.of(server.pid())
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO)
                        .toNanos())
                .sum();
    }

    private static long resident(TopologyServers servers) throws IOException {
        long kilobytes = 0;
        for (MemoryServer server : servers.servers()) {
            for (String line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"))) {
                kilobytes += line.startsWith("VmRSS") ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
            }
        }
        return kilobytes * 1024;
    }

    /** Bytes that came to and left all servers so far, as they say themselves. */
    private static long traffic(TopologyServers servers) throws IOException {
        long bytes = 0;
        for (MemoryServer server : servers.servers()) {
            String question = server instanceof MemcachedServer ? "stats\r\nquit\r\n" : "INFO stats\r\nQUIT\r\n";
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
                socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
                Matcher sums =
                        TRAFFIC.matcher(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                while (sums.find()) {
                    bytes += Long.parseLong(sums.group(1));
                }
            }
        }
        return bytes;
    }
}
