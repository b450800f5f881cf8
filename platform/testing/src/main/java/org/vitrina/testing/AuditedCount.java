package org.vitrina.testing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What tests of services have in common whose audit reads sums of what is old. */
public final class AuditedCount {
    /** Old rows beside which an audit is as quick as ever; {@code -Dsoak=true} makes them five million. */
    public static int many(int otherwise) {
        return Boolean.getBoolean("soak") ? 5_000_000 : otherwise;
    }

    private AuditedCount() {}

    /** What the service says of its own books. */
    public static JsonPath audit() {
        var answer = given().get("/ops/audit");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.jsonPath();
    }

    /**
     * Takes back half of 120 orders while they are counted and audited, all at once; every audit in between is right, and so
     * is the last.
     *
     * @param make makes orders that are old enough to be counted
     * @param count a turn of the counting
     */
    public static void assertRightWhileCounted(Consumer<List<UUID>> make, Runnable count, Consumer<UUID> takeBack) {
        List<UUID> orders =
                IntStream.range(0, 120).mapToObj(i -> UUID.randomUUID()).toList();
        make.accept(orders);

        List<Boolean> right = Race.of(8, i -> {
            for (int n = 0; n < 15; n++) {
                switch (i % 4) {
                    case 0 -> count.run();
                    case 1 -> {
                        if (!audit().getBoolean("consistent")) {
                            return false;
                        }
                    }
                    default -> takeBack.accept(orders.get((i / 4 * 2 + i % 2) * 15 + n));
                }
            }
            return true;
        });

        assertThat(right).containsOnly(true);
        count.run();
        assertThat(audit().getList("findings")).isEmpty();
    }
}
