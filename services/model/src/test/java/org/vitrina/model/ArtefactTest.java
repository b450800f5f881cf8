package org.vitrina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrina.diabetes.Diabetes;

class ArtefactTest {
    private static final Artefact FIRST = FirstModel.train();
    private static final String PMML = Pmml.write(FIRST);

    @Test
    void predictsWhatOrdinaryLeastSquaresDoes() {
        assertThat(FIRST.predict(Diabetes.rows().get(102).features())).isCloseTo(150.64748328, within(1e-6));
        assertThat(FIRST.quality().rows()).isEqualTo(442);
        assertThat(FIRST.quality().meanAbsoluteError()).isCloseTo(43.27745203, within(1e-6));
        assertThat(FIRST.sha256()).isEqualTo("f16718c1e6602b419193b9a023dbe278ae7f85ff343158813d7040a9f7512dec");
    }

    @Test
    void isTheSameAfterItWasWrittenAndRead() {
        assertThat(Pmml.read(PMML)).isEqualTo(FIRST);
    }

    @Test
    void everyDamagedNumberOfTheFunctionIsFound() {
        // means, scales, coefficients, the intercept: another leading digit each
        Matcher number = Pattern.compile("(?:coefficient=\"|intercept=\"|<Constant dataType=\"double\">)-?(\\d)")
                .matcher(PMML);
        int damaged = 0;
        while (number.find()) {
            char digit = number.group(1).charAt(0);
            String other = PMML.substring(0, number.start(1))
                    + (digit == '9' ? '1' : (char) (digit + 1))
                    + PMML.substring(number.end(1));
            if (other.contains("E-1")
                    && PMML.substring(number.start(), number.start() + 60).contains("E-1")) {
                // a mean of 1e-18 instead of 2e-18 is no damage that any prediction shows
                continue;
            }
            damaged++;
            assertThatThrownBy(() -> Pmml.read(other))
                    .as(PMML.substring(number.start(), number.end()))
                    .isInstanceOf(ArtefactException.class);
        }
        assertThat(damaged).isGreaterThanOrEqualTo(21);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "</Header>|<Timestamp>now</Timestamp></Header>|an element Timestamp, which is not understood",
                "functionName=\"regression\"|functionName=\"classification\"|understood is only 'regression'",
                "<RegressionModel |<RegressionModel normalizationMethod=\"logit\" |normalizationMethod",
                "function=\"/\"|function=\"*\"|understood is only '/'",
                "<NumericPredictor name=\"age.standardised\"|<NumericPredictor exponent=\"2\""
                        + " name=\"age.standardised\"|exponent",
                "PMML-4_4|PMML-4_3|is not of http://www.dmg.org/PMML-4_4",
                "</PMML>|</PMML|not readable as XML",
                "<?xml version=\"1.0\" ?>|<!DOCTYPE PMML [<!ENTITY a \"b\">]>|not allowed",
                "dataType=\"double\"/>|dataType=\"string\"/>|understood is only 'double'",
                "modelVersion=\"1\"|modelVersion=\"../1\"|modelVersion must be",
                "<Array type=\"int\" n=\"10\">|<Array type=\"int\" n=\"9\">|n is '9'",
                "recordCount=\"5\"|recordCount=\"6\"|not as many as said"
            })
    void refusesWhatItDoesNotUnderstand(String from, String to, String reason) {
        assertThat(PMML).contains(from);

        assertThatThrownBy(() -> Pmml.read(PMML.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to))))
                .isInstanceOf(ArtefactException.class)
                .hasMessageContaining(reason);
    }
}
