package org.vitrina.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.impl.TypeWrappedDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends the reading of a list at its {@link Size#max}, before the next element is made. Bean Validation comes too late for
 * that: it judges each element of a list whose size it refuses, and its violations meet in a set that compares each with all
 * others, so that fifty kilobytes of {@code null} hold an event loop for half a minute.
 */
final class SizeLimits extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1;

    /** Where the reading ended; its path leads to the list. */
    static final class Exceeded extends JsonMappingException {
        private static final long serialVersionUID = 1;

        Exceeded(JsonParser in, String message) {
            super(in, message);
        }
    }

    @Override
    public JsonDeserializer<?> modifyCollectionDeserializer(
            DeserializationConfig config, CollectionType type, BeanDescription bean, JsonDeserializer<?> unlimited) {
        // which is what Jackson makes of a List
        return type.getRawClass() == ArrayList.class ? new Unbound(unlimited, type.getContentType()) : unlimited;
    }

    /** Of a list that does not know yet where it stands, and so what limits it. */
    private static final class Unbound extends JsonDeserializer<Object> implements ContextualDeserializer {
        private final JsonDeserializer<?> unlimited;
        private final JavaType element;

        Unbound(JsonDeserializer<?> unlimited, JavaType element) {
            this.unlimited = unlimited;
            this.element = element;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
                throws JsonMappingException {
            JsonDeserializer<?> here = unlimited instanceof ContextualDeserializer contextual
                    ? contextual.createContextual(context, property)
                    : unlimited;
            if (property == null) {
                return here;
            }
            Size size = property.getAnnotation(Size.class);
            return size == null || size.max() == Integer.MAX_VALUE
                    ? here
                    : new Limited(here, ofElement(context, property), size);
        }

        /** By its type's name too, where the type says that there are several. */
        private JsonDeserializer<?> ofElement(DeserializationContext context, BeanProperty property)
                throws JsonMappingException {
            JsonDeserializer<Object> one = context.findContextualValueDeserializer(element, property);
            TypeDeserializer named = context.getFactory().findTypeDeserializer(context.getConfig(), element);
            return named == null ? one : new TypeWrappedDeserializer(named.forProperty(property), one);
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return unlimited.deserialize(in, context);
        }
    }

    private static final class Limited extends JsonDeserializer<Object> {
        private final JsonDeserializer<?> unlimited;
        private final JsonDeserializer<?> element;
        private final int most;
        private final String message;

        Limited(JsonDeserializer<?> unlimited, JsonDeserializer<?> element, Size size) {
            this.unlimited = unlimited;
            this.element = element;
            this.most = size.max();
            // as Bean Validation says it where the size is below its least
            this.message = size.message().startsWith("{")
                    ? "size must be between " + size.min() + " and " + size.max()
                    : size.message();
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!in.isExpectedStartArrayToken()) {
                return unlimited.deserialize(in, context); // which says what it must be
            }
            List<@Nullable Object> elements = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                if (elements.size() == most) {
                    throw new Exceeded(in, message);
                }
                try {
                    elements.add(
                            in.hasToken(JsonToken.VALUE_NULL)
                                    ? element.getNullValue(context)
                                    : element.deserialize(in, context));
                } catch (IOException e) {
                    throw JsonMappingException.wrapWithPath(e, elements, elements.size());
                }
            }
            return elements;
        }
    }
}
