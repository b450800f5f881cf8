package org.vitrina.model;

import static java.util.stream.Collectors.joining;
import static org.vitrina.model.ArtefactException.refuseUnless;
import static org.vitrina.model.XmlFacts.nth;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A version as PMML 4.4 (Data Mining Group): one linear regression over standardised continuous features. Whatever else
 * PMML can say is refused, as to leave it out would be to predict something else: what was read is written again, and must
 * say the same.
 */
final class Pmml {
    private static final String NAMESPACE = "http://www.dmg.org/PMML-4_4";
    private static final String VERSION = "[0-9A-Za-z][0-9A-Za-z._-]{0,63}";
    private static final String MODEL = "PMML/RegressionModel";
    private static final String VERIFICATION = MODEL + "/ModelVerification";
    /** Who made it, and how, may be said in other words. */
    private static final List<String> FREE = List.of("PMML/Header/Application@name", MODEL + "@algorithmName");

    private static final String DOCUMENT =
            """
            <?xml version="1.0" ?>
            <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
              <Header modelVersion="{version}">
                <Extension name="vitrina.training-data-sha256" value="{sha256}"/>
                <Application name="vitrina-model"/>
              </Header>
              <DataDictionary numberOfFields="{fields}">
            {dictionary}    <DataField name="{target}" optype="continuous" dataType="double"/>
              </DataDictionary>
              <TransformationDictionary>
            {transformations}  </TransformationDictionary>
              <RegressionModel functionName="regression" algorithmName="ordinary least squares">
                <MiningSchema>
            {schema}      <MiningField name="{target}" usageType="target"/>
                </MiningSchema>
                <ModelStats>
            {statistics}    </ModelStats>
                <ModelExplanation>
                  <PredictiveModelQuality targetField="{target}" dataName="{data}" numOfRecords="{rows}"\
             meanAbsoluteError="{mae}" rootMeanSquaredError="{rmse}" r-squared="{r2}"/>
                </ModelExplanation>
                <RegressionTable intercept="{intercept}">
            {coefficients}    </RegressionTable>
                <ModelVerification recordCount="{answers}" fieldCount="{fields}">
                  <VerificationFields>
            {columns}        <VerificationField field="{target}" column="{target}"/>
                  </VerificationFields>
                  <InlineTable>
            {table}      </InlineTable>
                </ModelVerification>
              </RegressionModel>
            </PMML>
            """;
    private static final String STANDARDISATION =
            """
                <DerivedField name="{name}.standardised" optype="continuous" dataType="double">
                  <Apply function="/">
                    <Apply function="-">
                      <FieldRef field="{name}"/>
                      <Constant dataType="double">{mean}</Constant>
                    </Apply>
                    <Constant dataType="double">{scale}</Constant>
                  </Apply>
                </DerivedField>
            """;
    private static final String STATISTICS =
            """
                  <UnivariateStats field="{name}">
                    <ContStats>
            {intervals}          <Array type="int" n="{n}">{counts}</Array>
                    </ContStats>
                  </UnivariateStats>
            """;
    private static final String FIELD = "    <DataField name=\"{name}\" optype=\"continuous\" dataType=\"double\"/>\n";
    private static final String MINED = "      <MiningField name=\"{name}\" usageType=\"active\"/>\n";
    private static final String COLUMN = "        <VerificationField field=\"{name}\" column=\"{name}\"/>\n";
    private static final String COEFFICIENT =
            "      <NumericPredictor name=\"{name}.standardised\" coefficient=\"{coefficient}\"/>\n";

    private Pmml() {}

    static String write(Artefact artefact) {
        Artefact.Quality quality = artefact.quality();
        return DOCUMENT.replace("{dictionary}", each(artefact, FIELD))
                .replace("{transformations}", each(artefact, STANDARDISATION))
                .replace("{schema}", each(artefact, MINED))
                .replace("{statistics}", each(artefact, STATISTICS))
                .replace("{coefficients}", each(artefact, COEFFICIENT))
                .replace("{columns}", each(artefact, COLUMN))
                .replace("{table}", joined(artefact.answers(), answer -> row(artefact, answer)))
                .replace("{version}", artefact.version())
                .replace("{sha256}", artefact.sha256())
                .replace("{fields}", "" + (artefact.features().size() + 1))
                .replace("{target}", artefact.target())
                .replace("{intercept}", "" + artefact.intercept())
                .replace("{answers}", "" + artefact.answers().size())
                .replace("{rows}", "" + quality.rows())
                .replace("{mae}", "" + quality.meanAbsoluteError())
                .replace("{rmse}", "" + quality.rootMeanSquaredError())
                .replace("{r2}", "" + quality.rSquared())
                .replace("{data}", quality.data());
    }

    private static String each(Artefact artefact, String template) {
        return joined(artefact.features(), feature -> template.replace("{name}", feature.name())
                .replace("{mean}", "" + feature.mean())
                .replace("{scale}", "" + feature.scale())
                .replace("{coefficient}", "" + feature.coefficient())
                .replace("{intervals}", intervals(feature.edges()))
                .replace("{n}", "" + feature.counts().size())
                .replace("{counts}", feature.counts().toString().replaceAll("[\\[,\\]]", "")));
    }

    private static <T> String joined(List<T> all, Function<T, String> text) {
        return all.stream().map(text).collect(joining());
    }

    private static String intervals(List<Double> edges) {
        return IntStream.rangeClosed(0, edges.size())
                .mapToObj(i -> "          <Interval closure=\"" + (i < edges.size() ? "openClosed\"" : "openOpen\"")
                        + (i > 0 ? " leftMargin=\"" + edges.get(i - 1) + "\"" : "")
                        + (i < edges.size() ? " rightMargin=\"" + edges.get(i) + "\"" : "") + "/>\n")
                .collect(joining());
    }

    private static String row(Artefact artefact, Artefact.Answer answer) {
        var values = answer.features().iterator();
        String cell = "          <%1$s>%2$s</%1$s>\n";
        return "        <row>\n" + joined(artefact.features(), each -> cell.formatted(each.name(), values.next()))
                + cell.formatted(artefact.target(), answer.value()) + "        </row>\n";
    }

    /** @throws ArtefactException if it is damaged, or more than is understood, or does not give its known answers */
    static Artefact read(String document) {
        XmlFacts pmml = XmlFacts.parse(document, NAMESPACE);
        String version = pmml.text("PMML/Header@modelVersion");
        refuseUnless(version.matches(VERSION), "modelVersion must be 1 to 64 letters, digits, dots, dashes");
        String hash = pmml.text("PMML/Header/Extension@value");
        refuseUnless(hash.matches("[0-9a-f]{64}"), "the hash of the training data is none");
        int count = pmml.count("PMML/DataDictionary/DataField") - 1;
        refuseUnless(count > 0, "there is no feature");
        String target = pmml.text(nth("PMML/DataDictionary/DataField", count + 1) + "@name");
        List<Artefact.Feature> features = all(count, position -> feature(pmml, position));
        int rows = pmml.count(VERIFICATION + "/InlineTable/row");
        refuseUnless(pmml.number(VERIFICATION + "@recordCount") == rows, "the known answers are not as many as said");
        List<Artefact.Answer> answers = all(rows, position -> answer(pmml, position, features, target));
        double base = pmml.number(MODEL + "/RegressionTable@intercept");
        var artefact = new Artefact(version, target, features, base, hash, quality(pmml), answers);
        pmml.refuseUnlessLike(XmlFacts.parse(write(artefact), NAMESPACE), FREE);
        return artefact.checked();
    }

    private static <T> List<T> all(int count, IntFunction<T> nth) {
        return IntStream.rangeClosed(1, count).mapToObj(nth).toList();
    }

    private static Artefact.Feature feature(XmlFacts pmml, int position) {
        String name = pmml.text(nth("PMML/DataDictionary/DataField", position) + "@name");
        String division = nth("PMML/TransformationDictionary/DerivedField", position) + "/Apply";
        double mean = pmml.number(division + "/Apply/Constant");
        double scale = pmml.number(division + "/Constant");
        refuseUnless(scale > 0, "the scale of " + name + " is not positive");
        double coefficient = pmml.number(nth(MODEL + "/RegressionTable/NumericPredictor", position) + "@coefficient");
        String bins = nth(MODEL + "/ModelStats/UnivariateStats", position) + "/ContStats";
        int most = pmml.count(bins + "/Interval") - 1;
        refuseUnless(most > 0, "a feature has fewer than two intervals");
        List<Double> edges = all(most, bin -> pmml.number(nth(bins + "/Interval", bin) + "@rightMargin"));
        boolean ascend = edges.stream().sorted().distinct().toList().equals(edges);
        refuseUnless(ascend, "the intervals of a feature do not ascend");
        String array = pmml.text(bins + "/Array");
        refuseUnless(array.matches("[0-9]{1,9}( +[0-9]{1,9})*"), "a count of a feature's values is no number");
        var counts = Stream.of(array.split(" +")).map(Integer::valueOf).toList();
        refuseUnless(counts.size() == most + 1, "the counts of a feature's values are not as said");
        return new Artefact.Feature(name, mean, scale, coefficient, edges, counts);
    }

    private static Artefact.Quality quality(XmlFacts pmml) {
        String quality = MODEL + "/ModelExplanation/PredictiveModelQuality@";
        return new Artefact.Quality(
                pmml.text(quality + "dataName"),
                (int) pmml.number(quality + "numOfRecords"),
                pmml.number(quality + "meanAbsoluteError"),
                pmml.number(quality + "rootMeanSquaredError"),
                pmml.number(quality + "r-squared"));
    }

    private static Artefact.Answer answer(XmlFacts pmml, int position, List<Artefact.Feature> features, String target) {
        String row = nth(VERIFICATION + "/InlineTable/row", position) + "/";
        var values = features.stream().map(each -> pmml.number(row + each.name()));
        return new Artefact.Answer(values.toList(), pmml.number(row + target));
    }
}
