import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Products, inventory, favorites and cart out of memory, as the BFF asks for them, with faults that are set while they run.
 *
 * <p>{@code -ports 1,2,3,4 -admin 5 -count 3}: the four ports in that order, the port of {@code GET /faults} and {@code
 * /stats}, how many products there are. {@code /faults?cart=err%3D20} sets the faults of all four; one that is not named has
 * none. {@code err=20}: 20 % of the calls are 500; {@code hang=20}: 20 % are not answered; {@code dead=1}: the port is closed.
 */
final class Stub {
    private static final List<String> NAMES = List.of("products", "inventory", "favorites", "cart");
    private static final String THREE = "[{\"product_id\":1},{\"product_id\":2},{\"product_id\":3}]";

    private final int port;
    private final Function<String, String> bodies;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile double errors;
    private volatile double hangs;
    private ServerSocket server;

    /** @param bodies path with query to body; null is 404 */
    private Stub(int port, Function<String, String> bodies) {
        this.port = port;
        this.bodies = bodies;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String[] ports = option(arguments, "-ports", "8000,8001,8002,8003").split(",");
        int count = Integer.parseInt(option(arguments, "-count", "3"));
        String amount = option(arguments, "-price", "");
        String price = amount.isEmpty() ? "" : ",\"price\":\"" + amount + "\"";
        String products = IntStream.rangeClosed(1, count)
                .mapToObj(id -> "{\"product_id\":" + id + ",\"product_name\":\"Product " + id + "\"" + price + "}")
                .collect(Collectors.joining(",", "[", "]"));
        List<Function<String, String>> bodies = List.of(
                path -> products,
                Stub::levels,
                path -> path.matches("/users/[13]/favorites") ? THREE : null,
                path -> path.matches("/users/[12]/cart") ? THREE : "[]");
        List<Stub> stubs = IntStream.range(0, NAMES.size())
                .mapToObj(i -> new Stub(Integer.parseInt(ports[i]), bodies.get(i)))
                .toList();
        for (Stub stub : stubs) {
            stub.set("");
        }
        new Stub(Integer.parseInt(option(arguments, "-admin", "8009")), path -> {
                    for (int i = 0; path.startsWith("/faults") && i < stubs.size(); i++) {
                        stubs.get(i).set(parameter(path, NAMES.get(i)));
                    }
                    return "{}";
                })
                .set("");
        Thread.currentThread().join();
    }

    private static String option(String[] arguments, String name, String otherwise) {
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals(name)) {
                return arguments[i + 1];
            }
        }
        return otherwise;
    }

    private static String parameter(String path, String name) {
        for (String pair : path.substring(path.indexOf('?') + 1).split("&")) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static String levels(String path) {
        if (!path.startsWith("/inventory?")) {
            return "{\"inventory\":" + ThreadLocalRandom.current().nextInt(101) + "}";
        }
        StringBuilder levels = new StringBuilder("[");
        for (String id : parameter(path, "product_ids").split(",")) {
            levels.append(levels.length() > 1 ? "," : "")
                    .append("{\"product_id\":")
                    .append(id)
                    .append(",\"inventory\":")
                    .append(ThreadLocalRandom.current().nextInt(101))
                    .append('}');
        }
        return levels.append(']').toString();
    }

    private synchronized void set(String faults) {
        errors = share(faults, "err=");
        hangs = share(faults, "hang=");
        boolean dead = share(faults, "dead=") > 0;
        try {
            if (dead && server != null) {
                server.close();
                server = null;
                for (Socket connection : connections) {
                    connection.close();
                }
            } else if (!dead && server == null) {
                ServerSocket listening = new ServerSocket();
                listening.setReuseAddress(true);
                listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
                server = listening;
                Thread.ofVirtual().start(() -> accept(listening));
            }
        } catch (IOException e) {
            System.err.println("port " + port + ": " + e.getMessage());
            System.exit(1);
        }
    }

    private static double share(String faults, String name) {
        return faults.startsWith(name) ? Double.parseDouble(faults.substring(name.length())) : 0;
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket connection = listening.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // the port was closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (String line = line(in); line != null; line = line(in)) {
                for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
                    // no request here has a body
                }
                if (ThreadLocalRandom.current().nextDouble(100) < hangs) {
                    in.read(); // until the caller leaves
                    return;
                }
                boolean fails = ThreadLocalRandom.current().nextDouble(100) < errors;
                String body = fails ? null : bodies.apply(line.split(" ")[1]);
                String status = fails ? "500 Injected" : body == null ? "404 Not Found" : "200 OK";
                byte[] bytes = (body == null ? "{\"error\":\"%s\"}".formatted(status) : body).getBytes(StandardCharsets.UTF_8);
                byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "
                                + bytes.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
                byte[] answer = Arrays.copyOf(head, head.length + bytes.length);
                System.arraycopy(bytes, 0, answer, head.length, bytes.length);
                out.write(answer);
            }
        } catch (IOException e) {
            // the caller left, or the port was closed
        } finally {
            connections.remove(connection);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            line.append((char) c);
        }
        return line.substring(0, Math.max(0, line.length() - 1));
    }
}
