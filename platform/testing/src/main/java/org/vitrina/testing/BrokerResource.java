package org.vitrina.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.servers.BrokerServer;

/**
 * Gives a {@code @QuarkusTest} the JVM's shared {@link BrokerServer}, or with the argument {@code kind} ({@code rabbitmq},
 * {@code qpid}) one of that kind of its own. Names of queues and exchanges get a prefix of their own each time, so that no
 * old message leaks in. Fields of type {@link BrokerServer} and {@link Mailbox} in the test are set.
 */
@SuppressWarnings("NullAway.Init") // set when it starts
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
    private static final AtomicInteger TIMES = new AtomicInteger();

    private String kind = "";
    private BrokerServer server;
    private Mailbox mailbox;

    @Override
    public void init(Map<String, String> arguments) {
        kind = arguments.getOrDefault("kind", "");
    }

    @Override
    public Map<String, String> start() {
        server = kind.isEmpty()
                ? BrokerServer.shared()
                : BrokerServer.start(BrokerServer.Kind.valueOf(kind.toUpperCase(Locale.ROOT)));
        String prefix = "t" + ProcessHandle.current().pid() + "." + TIMES.incrementAndGet() + ".";
        mailbox = new Mailbox(server, prefix);
        return Map.of(
                "vitrina.broker.host",
                "127.0.0.1",
                "vitrina.broker.port",
                Integer.toString(server.port()),
                "vitrina.broker.prefix",
                prefix);
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(BrokerServer.class));
        injector.injectIntoFields(mailbox, new TestInjector.MatchesType(Mailbox.class));
    }

    /** The shared server stays for the next profile; it ends with the JVM. */
    @Override
    public void stop() {
        if (!kind.isEmpty()) {
            server.close();
        }
    }
}
