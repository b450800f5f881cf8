package org.vitrina.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vitrina.messaging.MessageException;

/**
 * What notifications must know of an order's event, in version {@value #VERSION}; further fields are ignored.
 *
 * @param phone where to, null if the customer gave none
 * @param total as orders writes it, null in events that have none
 * @param occurredAt when the order changed; empty where the event does not say so in a way that can be read
 */
record OrderEvent(
        UUID eventId,
        String type,
        UUID orderId,
        int userId,
        @Nullable String total,
        @Nullable String phone,
        Optional<Instant> occurredAt) {
    static final String CONFIRMED = "order.confirmed";
    static final String CANCELLED = "order.cancelled";
    private static final int VERSION = 1;

    // as orders checks and writes them: whoever may write to the exchange must not have us send what they like
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");
    private static final Pattern TOTAL = Pattern.compile("[0-9]{1,12}\\.[0-9]{2}");

    /** The body's fields as they are written; absent ones are null. */
    @RegisterForReflection // read by hand
    private record Body(
            @Nullable UUID eventId,
            @Nullable String type,
            @Nullable UUID orderId,
            @Nullable Integer userId,
            @Nullable String total,
            @Nullable String phone,
            @Nullable String occurredAt) {}

    /** @throws MessageException if the text is no event that this release understands */
    static OrderEvent parse(ObjectMapper json, String text) {
        try {
            JsonNode tree = json.readTree(text);
            if (tree == null || !tree.isObject()) {
                throw new MessageException("not a JSON object");
            }
            // before anything else: a newer version may have changed every other field
            JsonNode version = tree.path("version");
            if (!version.isIntegralNumber() || version.longValue() != VERSION) {
                throw new MessageException("version " + version + " is not understood, only " + VERSION);
            }
            return checked(json.treeToValue(tree, Body.class));
        } catch (JsonProcessingException e) {
            throw new MessageException("not readable: " + e.getOriginalMessage());
        }
    }

    private static OrderEvent checked(Body body) {
        if (body.eventId() == null || body.orderId() == null) {
            throw new MessageException("event_id or order_id is missing");
        }
        if (body.userId() == null || body.userId() < 1) {
            throw new MessageException("user_id is missing or no id");
        }
        if (body.type() == null
                || !(body.type().equals(CONFIRMED) || body.type().equals(CANCELLED))) {
            throw new MessageException("type " + body.type() + " is none that is notified");
        }
        String phone = body.phone() == null || body.phone().isBlank() ? null : body.phone();
        if (phone != null && !E164.matcher(phone).matches()) {
            throw new MessageException("phone is no E.164 number");
        }
        if (body.total() != null && !TOTAL.matcher(body.total()).matches()) {
            throw new MessageException("total is no amount of money");
        }
        return new OrderEvent(
                body.eventId(),
                body.type(),
                body.orderId(),
                body.userId(),
                body.total(),
                phone,
                instant(body.occurredAt()));
    }

    private static Optional<Instant> instant(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    boolean isCancellation() {
        return type.equals(CANCELLED);
    }

    /** What the customer reads. */
    String text() {
        String id = orderId.toString();
        String order = "order " + id.substring(id.length() - 8);
        if (isCancellation()) {
            return "Vitrina: your " + order + " is cancelled. The money is back on your account.";
        }
        return "Vitrina: your " + order + " is confirmed" + (total == null ? "." : ", total " + total + " RUB.");
    }
}
