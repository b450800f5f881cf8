package org.vitrina.bff.ops;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Troubles one after the other, made from a seed: the same ones for the same seed and services. */
public final class FaultSchedule {
    static final int STEPS = 6;
    private static final int STEP_MILLIS = 30_000;
    private static final String[] KINDS = {"hang", "error", "latency", "reset"};

    private FaultSchedule() {}

    /** A fault to be switched on now, which begins by itself. */
    public record Step(String service, String id, JsonObject fault) {}

    /** @param services in an order that does not change */
    public static List<Step> of(long seed, List<String> services) {
        var chance = new SplittableRandom(seed);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < STEPS && !services.isEmpty(); i++) {
            String kind = KINDS[chance.nextInt(KINDS.length)];
            JsonObject fault = new JsonObject()
                    .put("kind", kind)
                    .put("share", (5 + chance.nextInt(6)) / 10.0)
                    .put("after_ms", i * STEP_MILLIS)
                    .put("for_ms", STEP_MILLIS / 2 + chance.nextInt(STEP_MILLIS / 2))
                    .put("seed", seed);
            if (kind.equals("latency")) {
                fault.put("delay_ms", 200 + chance.nextInt(1800));
            }
            steps.add(new Step(services.get(chance.nextInt(services.size())), "seed-" + i, fault));
        }
        return steps;
    }
}
