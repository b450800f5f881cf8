package org.vitrina.servers;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP 0-9-1 broker of the tests' own on 127.0.0.1, which can be frozen, killed and started again on its port with what
 * it had confirmed. It and its files are gone when it is closed, or when the JVM ends.
 *
 * <p>The real RabbitMQ where Debian's package is installed, else Qpid; {@code VITRINA_TEST_BROKER} ({@code rabbitmq} or
 * {@code qpid}; also the system property {@code test.broker}) says which.
 */
public final class BrokerServer implements AutoCloseable {
    /** Which broker it is. */
    public enum Kind {
        RABBITMQ,
        QPID
    }

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** Held here, as a logger that nobody holds loses its level: the client tells each attempt before the broker is up. */
    private static final Logger CLIENT = Logger.getLogger("com.rabbitmq.client.impl.ForgivingExceptionHandler");

    static {
        CLIENT.setLevel(Level.OFF);
    }

    private final Kind kind;
    private final Path folder;
    private final int port;
    private final Thread atExit = new Thread(this::end, "broker-end");
    private final RabbitProgram.@Nullable Ports erlang;
    private @Nullable Process portMapper;
    private @Nullable ServerGuard portMapperGuard;
    private Process process;
    private ServerGuard guard;

    private BrokerServer(
            Kind kind, List<RabbitProgram.User> users, @Nullable BrokerServer first, @Nullable String cookie) {
        this.kind = kind;
        this.port = FreePort.find();
        try {
            this.folder = Files.createTempDirectory("vitrina-broker");
            int names = first == null || first.erlang == null ? FreePort.find() : first.erlang.portMapper();
            this.erlang = kind == Kind.RABBITMQ ? new RabbitProgram.Ports(port, FreePort.find(), names) : null;
            if (erlang != null) {
                List<RabbitProgram.User> all = new ArrayList<>(users);
                all.add(RabbitProgram.User.ofAll("guest", "guest"));
                RabbitProgram.prepare(folder, all, cookie == null ? null : cluster(first, cookie));
                if (first == null) {
                    startPortMapper(names);
                }
            }
            this.process = launch();
            this.guard = ServerGuard.of(process.pid(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(kind + " did not start on port " + port, e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    private RabbitProgram.Cluster cluster(@Nullable BrokerServer first, String cookie) {
        return new RabbitProgram.Cluster(first == null ? List.of(node()) : List.of(first.node(), node()), cookie);
    }

    private void startPortMapper(int names) throws IOException {
        portMapper = new ProcessBuilder(RabbitProgram.portMapperCommand(names))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        portMapperGuard = ServerGuard.of(portMapper.pid(), folder.resolve("none"));
    }

    /** A broker of its own for the caller, who closes it. */
    public static BrokerServer start() {
        return start(chosen());
    }

    /** As {@link #start()}, of this kind. */
    public static BrokerServer start(Kind kind) {
        return start(kind, List.of());
    }

    /**
     * The same with further users beside guest, who may do everything. The embedded broker knows no rights, and guest
     * only.
     */
    public static BrokerServer start(Kind kind, List<RabbitProgram.User> users) {
        return new BrokerServer(kind, users, null, null);
    }

    /**
     * Nodes of one RabbitMQ, on which queues that are declared without arguments are quorum queues. The caller closes all of
     * them, the first as the last.
     */
    public static List<BrokerServer> startCluster(int nodes, List<RabbitProgram.User> users) {
        String cookie = UUID.randomUUID().toString();
        List<BrokerServer> all = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            all.add(new BrokerServer(Kind.RABBITMQ, users, all.isEmpty() ? null : all.getFirst(), cookie));
        }
        return List.copyOf(all);
    }

    /** Its name among the nodes. */
    public String node() {
        return RabbitProgram.nodeName(name());
    }

    private String name() {
        return "v" + port;
    }

    /** What rabbitmqctl says, asked of this node. */
    public String control(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(RabbitProgram.CONTROL.toString(), "-q"));
        command.addAll(List.of(words));
        ProcessBuilder asked = new ProcessBuilder(command).redirectErrorStream(true);
        asked.environment().putAll(RabbitProgram.environment(folder, name(), Objects.requireNonNull(erlang)));
        Process asking = asked.start();
        String said = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (asking.waitFor() != 0) {
            throw new IOException(said);
        }
        return said;
    }

    /** The one broker that all tests of this JVM share; ends with the JVM. */
    public static BrokerServer shared() {
        return Shared.SERVER;
    }

    /** Initialisation on demand: made by the first test that needs it. */
    private static final class Shared {
        private static final BrokerServer SERVER = start();
    }

    /** The kind that {@link #start()} starts. */
    public static Kind chosen() {
        String wanted = System.getProperty("test.broker", System.getenv("VITRINA_TEST_BROKER"));
        if (wanted != null && !wanted.isBlank()) {
            return Kind.valueOf(wanted.toUpperCase(Locale.ROOT));
        }
        return isInstalled(Kind.RABBITMQ) ? Kind.RABBITMQ : Kind.QPID;
    }

    /** Whether this machine can start a broker of this kind. */
    public static boolean isInstalled(Kind kind) {
        return kind == Kind.QPID || RabbitProgram.isInstalled();
    }

    private Process launch() throws IOException {
        Path log = folder.resolve("broker.log");
        Process started = builder()
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                ProcessSignals.kill(started.toHandle());
                throw new IOException(kind + " said: " + Files.readString(log));
            }
            PollPause.brief();
        }
        return started;
    }

    private ProcessBuilder builder() throws IOException {
        if (erlang == null) {
            return new ProcessBuilder(QpidProgram.command(Path.of(""), port, folder.resolve("data")));
        }
        var builder = new ProcessBuilder(RabbitProgram.SCRIPT.toString());
        builder.environment().putAll(RabbitProgram.environment(folder, name(), erlang));
        return builder;
    }

    /** The port opens before the broker can do anything: only its answer to a greeting counts, and a whole log-in. */
    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("AMQP\0\0\11\1".getBytes(StandardCharsets.ISO_8859_1));
            if (socket.getInputStream().read() != 1) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
        try (Connection connection = connect()) {
            return connection.isOpen();
        } catch (IOException | TimeoutException e) {
            return false;
        }
    }

    public Kind kind() {
        return kind;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** A connection for a test's own messages; the caller closes it. */
    public Connection connect() throws IOException, TimeoutException {
        return connect("guest", "guest");
    }

    /** The same as a user that {@link #start(Kind, List)} was given. */
    public Connection connect(String user, String password) throws IOException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setConnectionTimeout(5_000);
        factory.setHandshakeTimeout(5_000);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setThreadFactory(work -> Thread.ofPlatform().daemon().unstarted(work));
        return factory.newConnection();
    }

    /** SIGSTOP: connections are still accepted by the kernel, and nothing is answered. */
    public void freeze() {
        ProcessSignals.freeze(process.toHandle());
    }

    public void thaw() {
        ProcessSignals.thaw(process.toHandle());
    }

    /** SIGKILL: connections are reset, new ones are refused. */
    public void kill() {
        ProcessSignals.kill(process.toHandle());
    }

    /** Starts it again, on the same port with the same data, killing it before if it still runs. */
    public void restart() {
        kill();
        try {
            guard.dismiss();
            process = launch();
            guard = ServerGuard.of(process.pid(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(kind + " did not start again on port " + port, e);
        }
    }

    /** Ends the broker and removes its files. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private void end() {
        List<ServerGuard> guards = new ArrayList<>(List.of(guard));
        kill();
        if (portMapper != null) {
            ProcessSignals.kill(portMapper.toHandle());
        }
        if (portMapperGuard != null) {
            guards.add(portMapperGuard);
        }
        guards.forEach(ServerGuard::dismiss);
        Folders.delete(folder);
    }
}
