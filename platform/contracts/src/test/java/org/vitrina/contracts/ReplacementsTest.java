package org.vitrina.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrina.contracts.Verdict.Outcome;

/** The kit finds each rule that a replacement breaks, and nothing in one that keeps them all. */
class ReplacementsTest {
    static Stream<Arguments> services() {
        return Stream.of(
                Arguments.of("cart", (Function<String, Replacement>) CartReplacement::new),
                Arguments.of("favorites", (Function<String, Replacement>) FavoritesReplacement::new),
                Arguments.of("inventory", (Function<String, Replacement>) InventoryReplacement::new),
                Arguments.of("notifications", (Function<String, Replacement>) NotificationsReplacement::new),
                Arguments.of("products", (Function<String, Replacement>) ProductsReplacement::new),
                Arguments.of("wallet", (Function<String, Replacement>) WalletReplacement::new));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("services")
    void aRightOneKeepsEveryRule(String service, Function<String, Replacement> made) {
        try (Replacement right = made.apply("")) {
            assertThat(Verification.of(service, right.address()))
                    .allSatisfy(verdict ->
                            assertThat(verdict.outcome()).as(verdict.happened()).isEqualTo(Outcome.KEPT));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("services")
    void eachBrokenRuleIsFound(String service, Function<String, Replacement> made) {
        for (Rule rule : Contracts.rules(service)) {
            if (rule.id().equals("in-time") && !service.equals("cart")) {
                continue; // it waits, and is the same for all
            }
            try (Replacement wrong = made.apply(rule.id())) {
                assertThat(Verification.judge(List.of(rule), wrong.address(), verdict -> {}, left -> {}))
                        .singleElement()
                        .satisfies(verdict -> {
                            assertThat(verdict.outcome())
                                    .as("what the kit finds in one that breaks %s", rule.id())
                                    .isEqualTo(Outcome.BROKEN);
                            assertThat(Reports.text(verdict))
                                    .contains(rule.id(), "answered", rule.sentence(), rule.todo());
                        });
            }
        }
    }
}
