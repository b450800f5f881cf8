package org.vitrina.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules stand on sentences of the contract, and can be told apart. */
class RulesTest {
    private static final List<String> SERVICES = List.of(Contracts.names().split(", ", -1));

    @Test
    void everyRuleQuotesTheContract() throws IOException {
        String contract = Files.readString(Path.of("../../docs/contracts.md"));

        for (String service : SERVICES) {
            assertThat(Contracts.rules(service)).allSatisfy(rule -> assertThat(contract)
                    .as("%s of %s", rule.id(), service)
                    .contains(rule.sentence()));
        }
    }

    @Test
    void everyRuleHasAnIdOfItsOwn() {
        for (String service : SERVICES) {
            assertThat(Contracts.rules(service))
                    .extracting(Rule::id)
                    .doesNotHaveDuplicates()
                    .allMatch(id -> id.matches("[a-z0-9]+(-[a-z0-9]+){0,3}"));
        }
    }
}
