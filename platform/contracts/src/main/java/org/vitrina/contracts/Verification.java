package org.vitrina.contracts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.vitrina.contracts.Verdict.Outcome;

/** Judges a service by rules, one after the other, and leaves nothing behind. */
public final class Verification {
    private Verification() {}

    /** Judges by all rules of a service. */
    public static List<Verdict> of(String service, TestedAddress address) {
        List<Rule> rules = Contracts.rules(service);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("there is no contract of " + service + ", but of " + Contracts.names());
        }
        return judge(rules, address, verdict -> {}, left -> {});
    }

    /**
     * Judges.
     *
     * @param judged is told each verdict as it comes
     * @param left is told each call by which something was to be removed in vain
     */
    static List<Verdict> judge(
            List<Rule> rules, TestedAddress address, Consumer<Verdict> judged, Consumer<String> left) {
        List<Verdict> verdicts = new ArrayList<>();
        try (TestedService service = new TestedService(address)) {
            for (Rule rule : rules) {
                Verdict verdict = judge(rule, service);
                verdicts.add(verdict);
                judged.accept(verdict);
                service.cleanUp().forEach(left);
            }
        }
        return List.copyOf(verdicts);
    }

    private static Verdict judge(Rule rule, TestedService service) {
        long begun = System.nanoTime();
        Outcome outcome = Outcome.KEPT;
        String happened = "";
        try {
            rule.check().judge(service);
        } catch (BrokenRule e) {
            outcome = Outcome.BROKEN;
            happened = String.valueOf(e.getMessage());
        } catch (NotJudged e) {
            outcome = Outcome.NOT_JUDGED;
            happened = String.valueOf(e.getMessage());
        }
        return new Verdict(rule, outcome, happened, Duration.ofNanos(System.nanoTime() - begun));
    }
}
