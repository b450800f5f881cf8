package org.vitrina.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

class ContractTestsTest {
    private static final List<String> SOME = List.of("puts-line", "quantity-bounds", "problem");

    @TestFactory
    Stream<DynamicTest> eachRuleIsATest() {
        var cart = new CartReplacement("");
        return ContractTests.of("cart", cart::address)
                .filter(test -> SOME.contains(test.getDisplayName()))
                .onClose(cart::close);
    }

    @Test
    void aBrokenRuleFailsAndOneThatCannotBeJudgedIsLeftOut() throws Throwable {
        try (var cart = new CartReplacement("quantity-bounds")) {
            TestedAddress known = cart.address();
            var healthUnknown = new TestedAddress(known.http(), Optional.empty(), known.token(), known.stranger());

            assertThatThrownBy(() -> run("quantity-bounds", healthUnknown))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("\"quantity\":0} was answered 204, not 400");
            assertThatThrownBy(() -> run("health", healthUnknown)).isInstanceOf(TestAbortedException.class);
            run("puts-line", healthUnknown);
        }
        assertThat(ContractTests.of("cart", () -> {
                    throw new AssertionError("asked too early");
                }))
                .hasSameSizeAs(Contracts.rules("cart"));
    }

    private static void run(String rule, TestedAddress address) throws Throwable {
        ContractTests.of("cart", () -> address)
                .filter(test -> test.getDisplayName().equals(rule))
                .findFirst()
                .orElseThrow()
                .getExecutable()
                .execute();
    }
}
