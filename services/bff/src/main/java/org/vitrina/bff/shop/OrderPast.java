package org.vitrina.bff.shop;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One order as its page for operators shows it. Steps and states are in the words of orders and notifications, by which logs and
 * metrics are searched.
 *
 * @param waits what it waits for; null where it does not
 * @param messages null where notifications did not say
 * @param missing why it did not; empty where it did
 */
public record OrderPast(
        String id,
        int user,
        String status,
        String placedAt,
        String reason,
        @Nullable Waits waits,
        List<Ended> steps,
        List<Event> events,
        @Nullable List<Sms> messages,
        String missing) {
    /** @param on the services that have not answered yet */
    public record Waits(String step, String on, int tries, String nextAt) {}

    /** A step that is over. */
    public record Ended(String step, String status, int tries, String at, String by) {}

    /** An event on its way. */
    public record Event(String type, String state, String since) {}

    /** What became of the message about an event. */
    public record Sms(String type, String state, String reason, int tries, String at) {}

    static OrderPast of(JsonObject order, Visit visit) {
        JsonObject waits = order.getJsonObject("waits");
        JsonArray messages = order.getJsonArray("messages");
        return new OrderPast(
                order.getString("order_id", ""),
                order.getInteger("user_id", 0),
                order.getString("status", ""),
                Formats.time(order.getString("created_at"), visit),
                order.getString("reason", ""),
                waits == null ? null : waits(waits, visit),
                each(order.getJsonArray("steps"), step -> ended(step, visit)),
                each(order.getJsonArray("events"), event -> event(event, visit)),
                messages == null ? null : each(messages, message -> sms(message, visit)),
                order.getString("messages_missing", ""));
    }

    private static <T> List<T> each(@Nullable JsonArray all, Function<JsonObject, T> mapping) {
        List<T> found = new ArrayList<>();
        for (Object one : all == null ? new JsonArray() : all) {
            if (one instanceof JsonObject object) {
                found.add(mapping.apply(object));
            }
        }
        return found;
    }

    private static Waits waits(JsonObject waits, Visit visit) {
        List<String> on = new ArrayList<>();
        waits.getJsonArray("on", new JsonArray()).forEach(service -> on.add(String.valueOf(service)));
        return new Waits(
                waits.getString("step", ""),
                String.join(", ", on),
                waits.getInteger("tries", 0),
                Formats.second(waits.getString("next_at"), visit));
    }

    private static Ended ended(JsonObject step, Visit visit) {
        return new Ended(
                step.getString("step", ""),
                step.getString("status", ""),
                step.getInteger("tries", 0),
                Formats.second(step.getString("ended_at"), visit),
                step.getString("led_by", ""));
    }

    private static Event event(JsonObject event, Visit visit) {
        return new Event(
                event.getString("type", ""),
                event.getString("state", ""),
                Formats.second(event.getString("since"), visit));
    }

    private static Sms sms(JsonObject message, Visit visit) {
        String settled = message.getString("settled_at");
        return new Sms(
                message.getString("type", ""),
                message.getString("state", ""),
                message.getString("reason", ""),
                message.getInteger("tries", 0),
                Formats.second(settled == null ? message.getString("received_at") : settled, visit));
    }
}
