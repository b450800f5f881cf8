package org.vitrina.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A member of a JSON merge patch (RFC 7396), which may be left out (keep what is there), {@code null} (remove it) or a value.
 *
 * @param present false if the patch does not name it
 * @param value null if it is to be removed
 */
@JsonDeserialize(using = PatchField.FromJson.class)
public record PatchField<T>(boolean present, @Nullable T value) {
    /** The member's value after the patch. */
    public @Nullable T over(@Nullable T current) {
        return present ? value : current;
    }

    /** Knows the member's type from where it stands, and tells {@code null} from nothing. */
    static final class FromJson extends JsonDeserializer<PatchField<?>> implements ContextualDeserializer {
        private final @Nullable JsonDeserializer<Object> ofValue;

        FromJson() {
            this(null);
        }

        private FromJson(@Nullable JsonDeserializer<Object> ofValue) {
            this.ofValue = ofValue;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
                throws JsonMappingException {
            JavaType member = property == null ? context.getContextualType() : property.getType();
            return new FromJson(context.findContextualValueDeserializer(member.containedTypeOrUnknown(0), property));
        }

        @Override
        public PatchField<?> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (ofValue == null) {
                throw JsonMappingException.from(in, "a member without a type");
            }
            return new PatchField<>(true, ofValue.deserialize(in, context));
        }

        @Override
        public PatchField<?> getNullValue(DeserializationContext context) {
            return new PatchField<>(true, null);
        }

        @Override
        public PatchField<?> getAbsentValue(DeserializationContext context) {
            return new PatchField<>(false, null);
        }
    }
}
