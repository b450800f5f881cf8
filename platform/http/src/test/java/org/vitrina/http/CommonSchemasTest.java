package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.Indexer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a shape's description is completed with. */
class CommonSchemasTest {
    @SuppressWarnings("MultipleNullnessAnnotations")
    record Parcel(
            @Nullable String sentTo,
            String weight,
            @NotNull @Nullable String paid,
            List<@Nullable String> parts,
            @Nullable List<@NotNull String> labels) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Letter(@Nullable String sentTo) {}

    enum Way {
        BY_SEA;

        @JsonValue
        String text() {
            return "by-sea";
        }
    }

    private static CommonSchemas filter() throws IOException {
        Indexer indexer = new Indexer();
        for (Class<?> each : List.of(Parcel.class, Letter.class, Way.class)) {
            indexer.indexClass(each);
        }
        return new CommonSchemas(indexer.complete());
    }

    private static Schema text() {
        return OASFactory.createSchema().type(List.of(SchemaType.STRING));
    }

    private static Schema member(Schema schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name));
    }

    @Test
    void whatMayBeNullSaysSoUnlessItIsLeftOut() throws IOException {
        Schema parcel = OASFactory.createSchema()
                .properties(
                        Map.of("sent_to", text(), "weight", text(), "paid", text(), "parts", text(), "labels", text()));
        Schema letter = OASFactory.createSchema().properties(Map.of("sent_to", text()));
        OpenAPI document = OASFactory.createOpenAPI()
                .components(OASFactory.createComponents().schemas(Map.of("Parcel", parcel, "Letter", letter)));

        filter().filterOpenAPI(document);

        assertThat(member(parcel, "sent_to").getType()).containsExactly(SchemaType.STRING, SchemaType.NULL);
        assertThat(member(parcel, "labels").getType()).containsExactly(SchemaType.STRING, SchemaType.NULL);
        for (String other : List.of("weight", "paid", "parts")) {
            assertThat(member(parcel, other).getType()).as(other).containsExactly(SchemaType.STRING);
        }
        assertThat(member(letter, "sent_to").getType()).containsExactly(SchemaType.STRING);
    }

    @Test
    void whatRefersToAShapeMayBeNullBesideIt() throws IOException {
        Schema parcel = OASFactory.createSchema()
                .properties(Map.of("sent_to", OASFactory.createSchema().ref("Place")));
        filter().filterOpenAPI(OASFactory.createOpenAPI()
                .components(OASFactory.createComponents().schemas(Map.of("Parcel", parcel))));

        assertThat(member(parcel, "sent_to").getAnyOf())
                .extracting(Schema::getRef, Schema::getType)
                .containsExactly(tuple("#/components/schemas/Place", null), tuple(null, List.of(SchemaType.NULL)));
    }

    @Test
    void constantsAreAsTheyAreWritten() throws IOException {
        Schema way = text().enumeration(List.of("BY_SEA"));
        filter().filterOpenAPI(OASFactory.createOpenAPI()
                .components(OASFactory.createComponents().schemas(Map.of("Way", way))));

        assertThat(way.getEnumeration()).containsExactly("by-sea");
    }

    @Test
    void aPatternIsAboutTheWholeText() throws IOException {
        assertThat(filter().filterSchema(text().pattern("[0-9]+")).getPattern()).isEqualTo("^[0-9]+$");
        assertThat(filter().filterSchema(text().pattern("a|b")).getPattern()).isEqualTo("^(?:a|b)$");
        assertThat(filter().filterSchema(text().pattern("^a")).getPattern()).isEqualTo("^a");
    }

    @ParameterizedTest
    @CsvSource({
        "'Harbour 1', true, true",
        "' a ', true, true",
        "'a\n1', false, true",
        "'  ', false, false",
        "'\u3000', false, false",
        "'a\u0000', false, false",
        "'a\u0085', false, false",
        "'\uD83D\uDE00', true, true",
        "'\uD83Da', false, false"
    })
    void aReadableTextHasSomethingToBeSeenAndNoHalfOfACharacter(String text, boolean line, boolean lines) {
        assertThat(Pattern.matches(ReadableText.LINE, text)).as("a line").isEqualTo(line);
        assertThat(Pattern.matches(ReadableText.LINES, text)).as("lines").isEqualTo(lines);
    }
}
