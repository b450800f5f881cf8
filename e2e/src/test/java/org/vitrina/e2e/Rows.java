package org.vitrina.e2e;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends rows, features and truth, to the prediction pipeline at a steady rate, as any AMQP client may. They follow a law of
 * their own, which no version of the model knows that has not learned from them.
 *
 * <p>As a program: {@code Rows PORT USER RATE [COUNT]}, the password in {@code RABBITMQ_PASSWORD}; it ends after COUNT rows,
 * or with the first byte on its standard input, and prints how many rows the broker has confirmed.
 */
public final class Rows {
    private static final int ROUNDS_A_SECOND = 10;
    private static final int FEATURES = 10;
    private static final long CONFIRM_MILLIS = 60_000;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Channel channel;

    private Rows(Channel channel) {
        this.channel = channel;
    }

    public static void main(String[] args) throws IOException, InterruptedException, TimeoutException {
        if (args.length < 3 || args.length > 4) {
            System.err.println("Rows PORT USER RATE [COUNT], the password in RABBITMQ_PASSWORD");
            System.exit(2);
        }
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(Integer.parseInt(args[0]));
        factory.setUsername(args[1]);
        factory.setPassword(System.getenv("RABBITMQ_PASSWORD"));
        int perRound = Math.max(1, Integer.parseInt(args[2]) / ROUNDS_A_SECOND);
        int count = args.length == 4 ? Integer.parseInt(args[3]) : Integer.MAX_VALUE;
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            System.out.println(new Rows(channel).send(perRound, count, args.length == 4 ? null : System.in));
        }
    }

    /** @param until where the end is told; null: after so many */
    private int send(int perRound, int count, @Nullable InputStream until)
            throws IOException, InterruptedException, TimeoutException {
        long round = Duration.ofSeconds(1).toNanos() / ROUNDS_A_SECOND;
        long due = System.nanoTime();
        int sent = 0;
        while (sent < count && (until == null || !ended(until))) {
            int end = Math.min(count, sent + perRound);
            while (sent < end) {
                row();
                sent++;
            }
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
            due += round;
            LockSupport.parkNanos(due - System.nanoTime());
        }
        return sent;
    }

    /** The end of the input itself cannot be seen without waiting for it. */
    private static boolean ended(InputStream input) throws IOException {
        return input.available() > 0;
    }

    private void row() throws IOException {
        double[] features = random.doubles(FEATURES, 0, 0.2).toArray();
        String id = UUID.randomUUID().toString();
        publish("y_true", "{\"id\":\"" + id + "\",\"value\":" + (1000 + 2000 * features[3]) + "}");
        publish("features", "{\"id\":\"" + id + "\",\"features\":" + Arrays.toString(features) + "}");
    }

    private void publish(String queue, String body) throws IOException {
        var properties = new BasicProperties.Builder()
                .contentType("application/json")
                .deliveryMode(2)
                .build();
        channel.basicPublish("", queue, properties, body.getBytes(StandardCharsets.UTF_8));
    }
}
