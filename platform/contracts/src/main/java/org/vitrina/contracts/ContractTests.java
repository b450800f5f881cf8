package org.vitrina.contracts;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.vitrina.contracts.Verdict.Outcome;

/**
 * The rules as tests of JUnit 5, for a replacement on the JVM:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> keepsTheContract() {
 *     return ContractTests.of("cart", () -> TestedAddress.of(http, management));
 * }
 * }</pre>
 */
public final class ContractTests {
    private ContractTests() {}

    /**
     * A test for each rule, by its id.
     *
     * @param address is asked once the service is there
     */
    public static Stream<DynamicTest> of(String service, Supplier<TestedAddress> address) {
        return Contracts.rules(service).stream()
                .map(rule -> DynamicTest.dynamicTest(rule.id(), () -> judge(rule, address.get())));
    }

    private static void judge(Rule rule, TestedAddress address) {
        Verdict verdict = Verification.judge(List.of(rule), address, each -> {}, left -> fail("left behind: " + left))
                .getFirst();
        if (verdict.is(Outcome.BROKEN)) {
            fail(Reports.text(verdict));
        }
        if (verdict.is(Outcome.NOT_JUDGED)) {
            abort(verdict.happened());
        }
    }
}
