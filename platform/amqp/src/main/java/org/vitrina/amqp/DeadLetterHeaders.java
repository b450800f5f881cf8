package org.vitrina.amqp;

import java.util.Arrays;

/** How a dead letter tells why it is one and where it came from: in headers, beside the unchanged body. */
public final class DeadLetterHeaders {
    /** Why, in words. */
    public static final String REASON = "x-vitrina-reason";
    /** The queue that it was taken from. */
    public static final String QUEUE = "x-vitrina-queue";
    /** How often it was tried. */
    public static final String ATTEMPTS = "x-vitrina-attempts";
    /** The exchange that it was sent to. */
    public static final String EXCHANGE = "x-vitrina-exchange";
    /** Its routing key. */
    public static final String ROUTING_KEY = "x-vitrina-routing-key";
    /** The sender's id of it, if it gave one. */
    public static final String MESSAGE_ID = "x-vitrina-message-id";

    /** How many bytes the body had, where it was {@link #cut}. */
    public static final String SIZE = "x-vitrina-size";

    /** What our brokers take at most: what is longer, and came before that limit did, would never leave. */
    private static final int LARGEST_BODY = 128 * 1024;

    private static final int LONGEST_REASON = 500;

    private DeadLetterHeaders() {}

    /** As much of a dead letter's body as a broker takes; all of it but for what came before there was that limit. */
    public static byte[] cut(byte[] body) {
        return body.length <= LARGEST_BODY ? body : Arrays.copyOf(body, LARGEST_BODY);
    }

    /** As much of a reason as a header should hold. */
    public static String shortened(String reason) {
        String text = reason.isBlank() ? "unknown" : reason.replace('\0', ' ');
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
    }
}
