package org.vitrina.http;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * Says in the OpenAPI document what the scanner reads off the code in another sense than JSON Schema has, when a service is
 * built:
 *
 * <ul>
 *   <li>a pattern of Jakarta Validation is about the whole text, one of JSON Schema about any part of it: it gets anchors
 *   <li>a member that may be null ({@code @Nullable}, and not {@code @NotNull}) has null among its types, unless its record
 *       leaves nulls out
 *   <li>constants that a {@code @JsonValue} writes are written in small letters, with hyphens
 * </ul>
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class CommonSchemas implements OASFilter {
    private static final DotName NULLABLE = DotName.createSimple("org.jspecify.annotations.Nullable");
    private static final DotName NOT_NULL = DotName.createSimple("jakarta.validation.constraints.NotNull");
    private static final DotName INCLUDE = DotName.createSimple("com.fasterxml.jackson.annotation.JsonInclude");
    private static final DotName VALUE = DotName.createSimple("com.fasterxml.jackson.annotation.JsonValue");
    private static final DotName NAMED = DotName.createSimple("com.fasterxml.jackson.annotation.JsonProperty");

    private final IndexView classes;

    public CommonSchemas(IndexView classes) {
        this.classes = classes;
    }

    @Override
    public Schema filterSchema(Schema schema) {
        String pattern = schema.getPattern();
        if (pattern != null && !pattern.startsWith("^")) {
            schema.setPattern(pattern.contains("|") ? "^(?:" + pattern + ")$" : "^" + pattern + "$");
        }
        return schema;
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        Components components = document.getComponents();
        if (components != null && components.getSchemas() != null) {
            components.getSchemas().forEach((name, schema) -> {
                records(name).forEach(one -> addNulls(one, schema));
                if (isWrittenByAMethod(name)) {
                    schema.setEnumeration(schema.getEnumeration().stream()
                            .<@Nullable Object>map(value -> String.valueOf(value)
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-'))
                            .toList());
                }
            });
        }
    }

    private boolean isWrittenByAMethod(String name) {
        return classes.getKnownClasses().stream()
                .anyMatch(each -> each.isEnum() && each.simpleName().equals(name) && each.hasAnnotation(VALUE));
    }

    private Stream<ClassInfo> records(String name) {
        return classes.getKnownClasses().stream()
                .filter(each ->
                        each.isRecord() && each.simpleName().equals(name) && !each.hasDeclaredAnnotation(INCLUDE));
    }

    private static void addNulls(ClassInfo owner, Schema schema) {
        Map<String, Schema> properties = schema.getProperties();
        if (properties == null) {
            return;
        }
        for (RecordComponentInfo component : owner.recordComponents()) {
            String name = name(component);
            Schema property = properties.get(name);
            if (property != null
                    && component.type().hasAnnotation(NULLABLE)
                    && !says(component, NOT_NULL)
                    && !says(component, INCLUDE)) {
                schema.addProperty(name, orNull(property));
            }
        }
    }

    private static String name(RecordComponentInfo component) {
        return says(component, NAMED) ? "" : SnakeCaseStrategy.INSTANCE.translate(component.name());
    }

    /** Where an annotation may stand on a component, the compiler puts it on its field and its accessor too. */
    private static boolean says(RecordComponentInfo component, DotName annotation) {
        return component.hasDeclaredAnnotation(annotation)
                || component.field().hasDeclaredAnnotation(annotation)
                || component.accessor().hasDeclaredAnnotation(annotation);
    }

    private static Schema orNull(Schema schema) {
        if (schema.getRef() != null) {
            return OASFactory.createSchema()
                    .anyOf(List.of(schema, OASFactory.createSchema().type(List.of(SchemaType.NULL))));
        }
        List<SchemaType> types = schema.getType();
        if (types != null && !types.contains(SchemaType.NULL)) {
            schema.addType(SchemaType.NULL);
            List<@Nullable Object> values = schema.getEnumeration();
            if (values != null && !values.contains(null)) {
                schema.addEnumeration(null);
            }
        }
        return schema;
    }
}
