package org.vitrina.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.vitrina.launcher.spec.Services;

/**
 * The running launcher's side of {@code ./vitrina dev}: a service runs from its sources for as long as the command's connection
 * is open, and as it was built again when that closes, however the command ended.
 *
 * <p>A line each way begins it, {@code SERVICE MAVEN} and {@code log FILE} or {@code refused SENTENCE}; {@code back} ends it.
 */
final class DevServer {
    static final String LOG = "log ";
    static final String REFUSED = "refused ";
    static final String BACK = "back";

    private final Path project;
    private final Stack stack;
    private final Progress progress;

    DevServer(Path project, Stack stack, Progress progress) {
        this.project = project;
        this.stack = stack;
        this.progress = progress;
    }

    /** Only its owner may connect: what runs is named over it. */
    static Path socket(Path directory) {
        return directory.resolve("run/dev.socket");
    }

    /** Listens until the JVM ends. */
    void open(Path directory) {
        Path socket = socket(directory);
        try {
            Files.deleteIfExists(socket);
            ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listening.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            Thread.ofPlatform().name("vitrina-dev").daemon().start(() -> accept(listening));
        } catch (IOException e) {
            progress.line("vitrina", "'./vitrina dev' cannot reach this instance: " + socket + ": " + e.getMessage());
        }
    }

    private void accept(ServerSocketChannel listening) {
        try {
            while (true) {
                SocketChannel command = listening.accept();
                Thread.ofPlatform().daemon().start(() -> serve(command));
            }
        } catch (IOException e) {
            progress.line("vitrina", "'./vitrina dev' cannot reach this instance any more: " + e.getMessage());
        }
    }

    private void serve(SocketChannel command) {
        try (command;
                BufferedReader lines = new BufferedReader(Channels.newReader(command, StandardCharsets.UTF_8))) {
            String[] asked = String.valueOf(lines.readLine()).split(" ", 2);
            String service = asked[0];
            if (asked.length < 2 || Services.of(project).named(service).isEmpty() || !stack.has(service)) {
                say(
                        command,
                        REFUSED + service + " does not run there: it is not among the parts of './vitrina up --only'.");
            } else if (stack.isDeveloped(service)) {
                say(command, REFUSED + service + " runs from its sources already, by another './vitrina dev'.");
            } else {
                say(command, LOG + stack.log(service));
                develop(service, Path.of(asked[1]), lines);
                say(command, BACK);
            }
        } catch (IOException gone) {
            // the command has ended, and nobody is left to be told
        }
    }

    private void develop(String service, Path maven, BufferedReader lines) {
        progress.line(service, "steps aside for './vitrina dev'");
        stack.develop(service, usual -> DevProgram.processSpec(project, service, usual, maven));
        try {
            while (lines.readLine() != null) {
                // nothing more is asked; the end of the connection is what counts
            }
        } catch (IOException alsoAnEnd) {
            // killed
        }
        progress.line(service, "comes back as it was built");
        stack.giveBack(service);
    }

    private static void say(SocketChannel command, String line) throws IOException {
        command.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
