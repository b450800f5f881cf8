package org.vitrina.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a service of the running instance run from its sources, and shows its log, until it is asked to stop. */
@Command(name = "dev")
final class DevCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final long GIVING_BACK_MAY_TAKE_SECONDS = 60;

    @Mixin
    private final Instance instance;

    @Parameters(paramLabel = "SERVICE")
    private String service = "";

    /** Given by the bash command, which finds it. */
    @Option(names = "--maven", required = true, hidden = true)
    private Path maven = Path.of("mvn");

    private final Path project;
    private final CountDownLatch back = new CountDownLatch(1);
    private volatile boolean stopping;

    DevCommand(Path project) {
        this.project = project;
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() throws IOException {
        Services services = Services.of(project);
        if (services.named(service).isEmpty()) {
            throw instance.misused("There is no service '" + service + "'; there are "
                    + String.join(
                            ", ", services.all().stream().map(ServiceSpec::name).toList()) + ".");
        }
        try (SocketChannel launcher = connect();
                BufferedReader answers = new BufferedReader(Channels.newReader(launcher, StandardCharsets.UTF_8))) {
            launcher.write(ByteBuffer.wrap((service + " " + maven + "\n").getBytes(StandardCharsets.UTF_8)));
            String answer = String.valueOf(answers.readLine());
            if (!answer.startsWith(DevServer.LOG)) {
                throw new StartException(
                        answer.startsWith(DevServer.REFUSED)
                                ? answer.substring(DevServer.REFUSED.length())
                                : "Vitrina stopped meanwhile.");
            }
            giveBackAtTheEnd(launcher);
            introduce();
            Thread.ofPlatform().daemon().start(() -> follow(Path.of(answer.substring(DevServer.LOG.length()))));
            boolean asked = DevServer.BACK.equals(answers.readLine());
            back.countDown();
            if (!asked && !stopping) {
                System.out.println("Vitrina has stopped.");
            }
        }
        return 0;
    }

    private SocketChannel connect() {
        if (instance.state().launcher().isEmpty()) {
            throw new StartException("Vitrina does not run from " + instance.directory()
                    + ": start it with './vitrina up', then this in another terminal.");
        }
        Path socket = DevServer.socket(instance.directory());
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            throw new StartException(
                    "The running Vitrina does not answer at " + socket + " (" + e.getMessage()
                            + "): wait until it is ready, and run this as the same user.",
                    e);
        }
    }

    private void introduce() {
        String url = instance.running(service)
                .map(part -> new Address("127.0.0.1", part.port()).url())
                .orElse("its port");
        System.out.println(
                service + " comes back from its sources in some seconds, at " + url
                        + ". Edit, then ask it again: what changed is compiled first.\nCtrl-C gives the place back to what was built.\n");
    }

    /** Ctrl-C and SIGTERM; after SIGKILL the launcher sees the connection's end. */
    private void giveBackAtTheEnd(SocketChannel launcher) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopping = true;
            try {
                launcher.shutdownOutput();
                if (back.await(GIVING_BACK_MAY_TAKE_SECONDS, TimeUnit.SECONDS)) {
                    System.out.println("\n" + service
                            + " runs as it was built; './vitrina build' and a new 'up' take over what you changed.");
                }
            } catch (IOException alreadyClosed) {
                // by the end of the launcher
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(0);
        }));
    }

    private static void follow(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(file.length());
            byte[] some = new byte[8192];
            while (true) {
                int read = file.read(some);
                if (read > 0) {
                    System.out.write(some, 0, read);
                    System.out.flush();
                } else {
                    Thread.sleep(LOOK_EVERY_MILLIS);
                }
            }
        } catch (IOException e) {
            System.err.println("The log " + log + " cannot be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
