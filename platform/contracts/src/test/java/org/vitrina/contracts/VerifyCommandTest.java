package org.vitrina.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** What {@code ./vitrina verify} prints, writes and ends with. */
class VerifyCommandTest {
    /** An exit status with what was printed. */
    private record Run(int status, String out, String err) {}

    private static Run run(String... words) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        var complained = new ByteArrayOutputStream();
        try (var toOut = new PrintStream(printed, true, StandardCharsets.UTF_8);
                var toErr = new PrintStream(complained, true, StandardCharsets.UTF_8)) {
            System.setOut(toOut);
            System.setErr(toErr);
            int status = VerifyCommand.execute(words);
            return new Run(
                    status, printed.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void theExampleInPythonKeepsTheContractOfCart() throws IOException {
        ExampleCart started;
        try {
            started = new ExampleCart();
        } catch (IOException noPython) {
            abort("there is no Python here");
            throw noPython;
        }
        try (started) {
            String url = started.url().toString();
            Run run = run("cart", url + "/", "--management", url);

            assertThat(run.out()).contains("cart at " + url, " 0 broken, 2 not judged");
            assertThat(run.err()).isEmpty();
            assertThat(run.status()).isZero();
        }
    }

    @Test
    void aBrokenRuleIsToldToPeopleProgramsAndBuildServers(@TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "of-the-kit\n");
        Path json = folder.resolve("verdicts.json");
        Path xml = folder.resolve("verdicts.xml");
        try (var cart = new CartReplacement("quantity-bounds")) {
            String url = cart.address().http().toString();
            Run run = run(
                    "cart",
                    url,
                    "--token",
                    token.toString(),
                    "--only",
                    "quantity-bounds,health,puts-line",
                    "--json",
                    json.toString(),
                    "--junit",
                    xml.toString());

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out())
                    .contains(
                            "kept        puts-line",
                            "BROKEN      quantity-bounds",
                            "happened  PUT /users/",
                            "{\"quantity\":0} was answered 204, not 400.",
                            "contract  `PUT /users/{id}/cart/{product_id}`",
                            "to do     Take quantities from 1 to 999",
                            "not judged  health",
                            "--management URL",
                            "1 kept, 1 broken, 1 not judged");
        }
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.path("kept").asBoolean(true)).isFalse();
        assertThat(report.path("rules").findValuesAsText("outcome"))
                .containsExactlyInAnyOrder("kept", "broken", "not_judged");
        Element suite = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(xml.toFile())
                .getDocumentElement();
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(3);
    }

    @Test
    void saysWhyThereWasNothingToJudge() {
        Run nobody = run("cart", "http://127.0.0.1:1");
        assertThat(nobody.status()).isEqualTo(1);
        assertThat(nobody.err()).contains("had no answer: nothing listens there.", "Nothing was judged");

        try (var cart = new CartReplacement("")) {
            Run refused = run("cart", cart.address().http().toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("401", "--token");
        }
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThat(run().err()).contains(Contracts.names());
        assertThat(run("bff", "http://127.0.0.1:9").err()).contains("'bff'", Contracts.names());
        assertThat(run("cart").status()).isEqualTo(2);
        assertThat(run("cart", "127.0.0.1:8003").err()).contains("'127.0.0.1:8003'", "http://127.0.0.1:8003");
        assertThat(run("cart", "http://127.0.0.1:9", "--only", "nothing").err()).contains("'nothing'", "--rules");
        assertThat(run("cart", "http://127.0.0.1:9", "--token", "/nowhere").err())
                .contains("/nowhere");
        assertThat(run("cart", "http://127.0.0.1:9", "--nonsense").status()).isEqualTo(2);
    }

    @Test
    void listsItsRulesAndExplainsItself() {
        Run rules = run("cart", "--rules", "--only", "at-once");
        assertThat(rules.status()).isZero();
        assertThat(rules.out()).startsWith("at-once: Take the same PUT").contains("All writes are idempotent.");

        assertThat(run("--help").out()).contains("SERVICE: " + Contracts.names() + ".", "Exit status: 0");
    }
}
