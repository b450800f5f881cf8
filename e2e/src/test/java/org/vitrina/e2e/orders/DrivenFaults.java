package org.vitrina.e2e.orders;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vitrina.servers.RedisServer;

/**
 * The one table of what is done to a stack so that each alert fires and each panel moves. What stands in one wave lasts at the
 * same time, since none of it touches what another's alerts are made of.
 */
final class DrivenFaults {
    private static final int CROWD = 20;
    private static final int UPLOADS = 20;

    private final Http http = new Http();
    private final OrderStack stack;
    private final RedisServer redis;
    private final AtomicBoolean lasting = new AtomicBoolean();
    private final List<Socket> uploads = new ArrayList<>();

    DrivenFaults(OrderStack stack, RedisServer redis) {
        this.stack = stack;
        this.redis = redis;
    }

    List<List<DrivenFault>> waves() {
        return List.of(
                List.of(late(), starved(), uploads(), table(), redis()),
                List.of(model(), provider(), broker(), wallet()),
                List.of(money(), nonsense(), crowd(), products()),
                List.of(bff()));
    }

    private DrivenFault late() {
        return new DrivenFault(
                "late",
                "every other request to products is served 400 ms later (its own trial fault)",
                () -> slow("products", 400, 0.5),
                "the fault is switched off",
                () -> atOnce("products"));
    }

    private DrivenFault starved() {
        return new DrivenFault(
                "starved",
                "cart gets a sixth of the time (SIGSTOP and SIGCONT in turn)",
                () -> whileItLasts(() -> {
                    stack.program("cart").freeze();
                    CrashLoop.pause(Duration.ofMillis(100));
                    stack.program("cart").thaw();
                    CrashLoop.pause(Duration.ofMillis(20));
                }),
                "it gets all of it",
                () -> lasting.set(false));
    }

    private DrivenFault uploads() {
        return new DrivenFault(
                "uploads",
                UPLOADS + " clients send half of a body to wallet and then nothing",
                this::beginUploads,
                "they hang up",
                this::endUploads);
    }

    private DrivenFault table() {
        TableLock lock = new TableLock(stack.postgres(), "notifications", "notification");
        return new DrivenFault(
                "table", "the table of notifications is locked", lock::take, "it is not any more", lock::release);
    }

    private DrivenFault redis() {
        return new DrivenFault(
                "redis", "the BFF's Redis is frozen (SIGSTOP)", redis::freeze, "it goes on (SIGCONT)", redis::thaw);
    }

    private DrivenFault model() {
        return new DrivenFault(
                        "model",
                        "the model is frozen while products change",
                        () -> stack.program("model").freeze(),
                        "it goes on",
                        () -> stack.program("model").thaw())
                .firing("VitrinaPredictionsOld");
    }

    private DrivenFault provider() {
        return new DrivenFault(
                        "provider",
                        "the SMS provider is killed",
                        () -> stack.program("sms-gateway").kill(),
                        "it is started",
                        () -> stack.program("sms-gateway").start())
                .leading(Duration.ofSeconds(6))
                .firing("VitrinaMessagesWait")
                .firingLate("VitrinaBudgetBurnsFast sms");
    }

    private DrivenFault broker() {
        return new DrivenFault(
                        "broker",
                        "the broker is frozen",
                        () -> stack.broker().freeze(),
                        "it goes on",
                        () -> stack.broker().thaw())
                .leading(Duration.ofSeconds(4))
                .firing("VitrinaOutboxWaits vitrina-orders");
    }

    private DrivenFault wallet() {
        TableLock lock = new TableLock(stack.postgres(), "wallet", "wallet");
        return new DrivenFault(
                        "wallet",
                        "wallet's table is locked, for longer than an order may take",
                        lock::take,
                        "it is not any more",
                        lock::release)
                .firing("VitrinaOrdersWait", "VitrinaBooksNotAudited vitrina-wallet")
                .firingLate("VitrinaBudgetBurnsFast orders", "VitrinaBudgetBurnsSlowly orders");
    }

    private DrivenFault money() {
        return new DrivenFault(
                        "money",
                        "a rouble is written into a wallet by hand",
                        () -> sql("wallet", "UPDATE wallet SET balance = balance + 1 WHERE user_id = " + Shoppers.USER),
                        "it is taken out again",
                        () -> sql("wallet", "UPDATE wallet SET balance = balance - 1 WHERE user_id = " + Shoppers.USER))
                .firing("VitrinaBooksWrong vitrina-wallet");
    }

    private DrivenFault nonsense() {
        return new DrivenFault(
                        "nonsense",
                        "a message that nobody can read is sent to notifications",
                        () -> Shoppers.send(stack, "notifications", "nobody can read this"),
                        "nothing: the window passes",
                        null)
                .firing("VitrinaDeadLetters notifications");
    }

    private DrivenFault crowd() {
        return new DrivenFault(
                        "crowd",
                        "favorites, which has one place here, is served 200 ms later, and %d callers come at once with 300 ms each"
                                .formatted(CROWD),
                        this::beginCrowd,
                        "they stay away",
                        this::endCrowd)
                .firing("VitrinaOverloaded vitrina-favorites");
    }

    private DrivenFault products() {
        return new DrivenFault(
                        "products",
                        "products is killed",
                        () -> stack.program("products").kill(),
                        "it is started",
                        () -> stack.program("products").start())
                .firing(
                        "VitrinaBudgetBurnsFast page",
                        "VitrinaBudgetBurnsSlowly page",
                        "VitrinaPagesDegraded",
                        "VitrinaBreakerOpen products",
                        "VitrinaTargetDown vitrina-products");
    }

    private DrivenFault bff() {
        return new DrivenFault(
                        "bff",
                        "the BFF is killed",
                        () -> stack.program("bff").kill(),
                        "it is started",
                        () -> stack.program("bff").start())
                .firing("VitrinaMetricsAbsent vitrina_page_seconds_count");
    }

    private void beginCrowd() {
        slow("favorites", 200, 1);
        String target = stack.program("favorites").url() + "/users/" + Shoppers.USER + "/favorites";
        whileItLasts(() -> {
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int caller = 0; caller < CROWD; caller++) {
                    var unused = callers.submit(() -> http.send(Http.json(target)
                            .header("X-Request-Deadline-Ms", "300")
                            .GET()));
                }
            }
        });
    }

    private void endCrowd() {
        lasting.set(false);
        atOnce("favorites");
    }

    private void beginUploads() throws IOException {
        byte[] half = ("POST /users/%d/wallet/top-ups HTTP/1.1\r\nHost: wallet\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 40000\r\n\r\n" + " ".repeat(20_000))
                .formatted(Shoppers.USER)
                .getBytes(StandardCharsets.US_ASCII);
        for (int client = 0; client < UPLOADS; client++) {
            Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), stack.program("wallet").port());
            uploads.add(socket);
            OutputStream out = socket.getOutputStream();
            out.write(half);
            out.flush();
        }
    }

    private void endUploads() throws IOException {
        for (Socket socket : uploads) {
            socket.close();
        }
    }

    private void slow(String service, int millis, double share) {
        Http.Answer answer = http.put(
                fault(service),
                "{\"kind\":\"latency\",\"delay_ms\":" + millis + ",\"share\":" + share + ",\"for_ms\":600000}");
        if (answer.status() != 200) {
            throw new IllegalStateException(service + " takes no fault: " + answer);
        }
    }

    private void atOnce(String service) {
        http.delete(fault(service));
    }

    private String fault(String service) {
        return "http://" + stack.program(service).management() + "/ops/faults/driven";
    }

    private void sql(String database, String statement) throws Exception {
        try (var connection = stack.postgres().connect(database);
                var one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    /** Again and again, by a thread of its own; one such fault at a time. */
    private void whileItLasts(Runnable once) {
        lasting.set(true);
        var unused = Thread.ofVirtual().start(() -> {
            while (lasting.get()) {
                once.run();
            }
        });
    }
}
