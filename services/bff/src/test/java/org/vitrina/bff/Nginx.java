package org.vitrina.bff;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real nginx before the BFF, with the buffers and the compression that it has by itself, showing it under {@value #PREFIX}. */
final class Nginx implements AutoCloseable {
    static final String PREFIX = "/north";

    private final Path folder;
    private final Process process;
    private final int port;

    private Nginx(Path folder, Process process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    static Optional<String> program() {
        return Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    static Nginx before(URI bff) throws IOException {
        Path folder = Files.createTempDirectory("vitrina-nginx");
        int port = freePort();
        Path settings = folder.resolve("nginx.conf");
        Files.writeString(
                settings,
                """
                user root;
                worker_processes 1;
                daemon off;
                pid %1$s/pid;
                error_log %1$s/error.log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  gzip on;
                  server {
                    listen 127.0.0.1:%2$d;
                    location %3$s/ {
                      proxy_pass http://127.0.0.1:%4$d/;
                      proxy_http_version 1.1;
                      proxy_bind %5$s;
                      proxy_set_header X-Forwarded-Prefix %3$s;
                      proxy_set_header X-Forwarded-Host $http_host;
                      proxy_set_header X-Forwarded-Proto $scheme;
                    }
                  }
                }
                """
                        .formatted(folder, port, PREFIX, bff.getPort(), Backs.PROXY));
        Process process = new ProcessBuilder(
                        program().orElseThrow(), "-p", folder.toString(), "-c", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.log").toFile())
                .start();
        await("nginx")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || listens(port));
        if (!process.isAlive()) {
            throw new IOException("nginx ended at its start: " + Files.readString(folder.resolve("out.log")));
        }
        return new Nginx(folder, process, port);
    }

    /** Where the shop's first page is. */
    URI shop() {
        return URI.create("http://127.0.0.1:" + port + PREFIX + "/");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
