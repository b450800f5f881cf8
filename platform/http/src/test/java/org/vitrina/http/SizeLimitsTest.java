package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeLimitsTest {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    sealed interface Shape permits Circle, Square {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    record Drawing(@Size(max = 2) List<Shape> shapes) {}

    private final ObjectMapper json =
            new ObjectMapper().registerModule(new SimpleModule().setDeserializerModifier(new SizeLimits()));

    @Test
    void elementsOfSeveralTypesAreReadByTheirNames() throws Exception {
        assertThat(json.readValue(
                        "{\"shapes\":[{\"kind\":\"circle\",\"radius\":1},{\"kind\":\"square\",\"side\":2}]}",
                        Drawing.class))
                .isEqualTo(new Drawing(List.of(new Circle(1), new Square(2))));
        assertThatThrownBy(() -> json.readValue("{\"shapes\":[null,null,null]}", Drawing.class))
                .isInstanceOf(SizeLimits.Exceeded.class);
    }
}
