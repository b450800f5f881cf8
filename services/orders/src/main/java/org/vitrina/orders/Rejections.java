package org.vitrina.orders;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.orders.upstream.RejectionReason;

/** What a buyer is told of an order that came to nothing. */
final class Rejections {
    private Rejections() {}

    static ProblemException of(UUID orderId, RejectionReason why, String about, long version, boolean replayed) {
        Map<String, Object> extra = new HashMap<>();
        extra.put("order_id", orderId);
        if (!about.isEmpty()) {
            List<Integer> products =
                    Arrays.stream(about.split(",", -1)).map(Integer::valueOf).toList();
            extra.put("product_ids", products);
        }
        Map<String, String> headers = new HashMap<>();
        headers.put("ETag", ETags.of(version));
        if (replayed) {
            headers.put(IdempotencyKey.REPLAYED, "true");
        }
        return new ProblemException(why.code(), why.detail(about), extra, headers);
    }

    static ProblemException of(Order order, long version, boolean replayed) {
        String reason = order.reason();
        return of(
                order.id(),
                reason == null ? RejectionReason.NOT_POSSIBLE : RejectionReason.of(reason),
                order.about(),
                version,
                replayed);
    }
}
