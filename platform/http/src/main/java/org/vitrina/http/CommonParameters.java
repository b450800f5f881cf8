package org.vitrina.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/**
 * Describes parameters as callers send them, where the scanner tells how the code takes them, when a service is built:
 *
 * <ul>
 *   <li>one that a service's {@code META-INF/openapi.yaml} names for an operation, by a reference into its {@code
 *       components.parameters}, takes the place of what was found under that name
 *   <li>those that mean the same everywhere ({@code user_id}, {@code Idempotency-Key}, ...) are said here, unless the code
 *       says more of them than that they are texts
 *   <li>an integer in a path is an id: positive ({@link ParameterConversion})
 *   <li>nothing is there twice ({@link RepeatedParameters}): a list in the query has commas
 * </ul>
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class CommonParameters implements OASFilter {
    private static final String REFERENCE = "#/components/parameters/";

    /** @param words said where the operation says none */
    private record Common(Supplier<Schema> schema, String words) {}

    private static final Map<String, Common> HEADERS = Map.of(
            IdempotencyKey.HEADER,
            new Common(
                    CommonParameters::key, "A name of the caller's for this change, by which a repetition is known."),
            "If-Match",
            new Common(CommonParameters::text, "Entity tags, one of which must be the present one; or *."),
            "If-None-Match",
            new Common(
                    CommonParameters::text, "Entity tags that the caller has, or *: 304 if one is the present one."));

    private static final Map<String, Common> QUERY = Map.of(
            IdempotencyKey.PARAMETER,
            new Common(CommonParameters::key, "The key, for callers that send no headers."),
            "user_id",
            new Common(CommonParameters::positive, "The asking user, while authentication is off."),
            "limit",
            new Common(CommonParameters::positive, "How many at most."),
            "after",
            new Common(() -> positive().format("int64"), "Only what comes after this one."),
            "before",
            new Common(() -> text().format("uuid"), "Only what is older than this one."));

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getPaths() == null) {
            return;
        }
        Map<String, Parameter> named = Optional.ofNullable(document.getComponents())
                .map(Components::getParameters)
                .orElse(Map.of());
        document.getPaths().getPathItems().values().stream()
                .flatMap(item -> item.getOperations().values().stream())
                .filter(operation -> operation.getParameters() != null)
                .forEach(operation -> operation.setParameters(complete(operation.getParameters(), named)));
        if (!named.isEmpty()) {
            document.getComponents().setParameters(null); // they stand where they are used
        }
    }

    private static List<Parameter> complete(List<Parameter> found, Map<String, Parameter> named) {
        List<Parameter> all = new ArrayList<>();
        for (Parameter each : found) {
            if (each.getRef() != null) {
                String name = each.getRef().substring(REFERENCE.length());
                all.add(Objects.requireNonNull(named.get(name), () -> "no components.parameters." + name));
            }
        }
        for (Parameter each : found) {
            if (each.getRef() == null && all.stream().noneMatch(other -> isSame(other, each))) {
                complete(each);
                all.add(each);
            }
        }
        return all;
    }

    private static boolean isSame(Parameter one, Parameter other) {
        return one.getIn() == other.getIn() && Objects.equals(one.getName(), other.getName());
    }

    private static void complete(Parameter parameter) {
        Schema schema = parameter.getSchema();
        boolean list = is(schema, SchemaType.ARRAY);
        Common common =
                switch (parameter.getIn()) {
                    case HEADER -> HEADERS.get(parameter.getName());
                    case QUERY -> QUERY.get(parameter.getName());
                    case null, default -> null;
                };
        if (common != null && (list || isAnyText(schema))) {
            parameter.setSchema(common.schema().get());
        } else if (list && parameter.getIn() == Parameter.In.HEADER) {
            parameter.setSchema(text());
        } else if (list) {
            parameter.style(Parameter.Style.FORM).explode(false);
        } else if (parameter.getIn() == Parameter.In.PATH
                && is(schema, SchemaType.INTEGER)
                && schema.getMinimum() == null) {
            schema.setMinimum(BigDecimal.ONE);
        }
        if (common != null && parameter.getDescription() == null) {
            parameter.setDescription(common.words());
        }
    }

    private static boolean is(Schema schema, SchemaType type) {
        return schema.getType() != null && schema.getType().contains(type);
    }

    /** Whether all that is said of it is that it is a text. */
    private static boolean isAnyText(Schema schema) {
        return is(schema, SchemaType.STRING)
                && schema.getFormat() == null
                && schema.getPattern() == null
                && schema.getEnumeration() == null
                && schema.getMaxLength() == null;
    }

    private static Schema key() {
        return text().minLength(1).maxLength(255);
    }

    private static Schema positive() {
        return CommonAnswers.schema(SchemaType.INTEGER).format("int32").minimum(BigDecimal.ONE);
    }

    private static Schema text() {
        return CommonAnswers.schema(SchemaType.STRING);
    }
}
