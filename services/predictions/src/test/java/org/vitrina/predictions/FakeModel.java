package org.vitrina.predictions;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.Mailbox;

/** A replica of a model that knows the contract's queues and whose predictions are the sums of the features. */
final class FakeModel implements AutoCloseable {
    private static final int PREFETCH = 64;
    private static final int ABORT_MILLIS = 1_000;

    private final String version;
    private final String answers;
    private final Connection connection;
    private final Channel channel;
    private final AtomicInteger handled = new AtomicInteger();
    /** Ids of what it was asked, in order. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private volatile boolean silent;
    private volatile int diesAfter = Integer.MAX_VALUE;

    FakeModel(BrokerServer broker, Mailbox mailbox, String version) {
        this.version = version;
        this.answers = mailbox.named("y_pred");
        try {
            connection = broker.connect();
            channel = connection.createChannel();
            channel.exchangeDeclare(answers, "fanout", true);
            channel.queueDeclare(mailbox.named("features"), true, false, false, null);
            channel.basicQos(PREFETCH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker does not answer", e);
        }
    }

    /** Begins to work. */
    FakeModel start(Mailbox mailbox) {
        try {
            channel.basicConsume(mailbox.named("features"), false, this::take, tag -> {});
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Acknowledges without an answer, so that the test gives it. */
    FakeModel silently() {
        silent = true;
        return this;
    }

    /** Its connection breaks after so many messages, with the further ones unacknowledged in its hands. */
    FakeModel dyingAfter(int messages) {
        diesAfter = messages;
        return this;
    }

    private void take(String tag, Delivery delivery) throws IOException {
        var body = new JsonObject(new String(delivery.getBody(), StandardCharsets.UTF_8));
        if (handled.incrementAndGet() > diesAfter) {
            connection.abort(ABORT_MILLIS);
            return;
        }
        asked.add(body.getString("id"));
        if (!silent) {
            answer(channel, body.getString("id"), sum(body.getJsonArray("features")), version);
        }
        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
    }

    List<String> asked() {
        return asked;
    }

    int handled() {
        return handled.get();
    }

    private void answer(Channel over, String id, double value, String modelVersion) throws IOException {
        over.basicPublish(
                answers,
                "",
                new BasicProperties.Builder().deliveryMode(2).build(),
                json(id, value, modelVersion).getBytes(StandardCharsets.UTF_8));
    }

    static String json(String id, double value, String modelVersion) {
        return new JsonObject()
                .put("id", id)
                .put("value", value)
                .put("features", new JsonArray())
                .put("model_version", modelVersion)
                .encode();
    }

    private static double sum(JsonArray features) {
        double sum = 0;
        for (int i = 0; i < features.size(); i++) {
            sum += features.getDouble(i);
        }
        return sum;
    }

    @Override
    public void close() {
        connection.abort(ABORT_MILLIS);
    }
}
