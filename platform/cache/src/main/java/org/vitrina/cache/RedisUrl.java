package org.vitrina.cache;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** A constraint and no converter, whose failure would repeat the value and with it a password. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = RedisUrl.Check.class)
public @interface RedisUrl {
    String message() default RedisAddress.FORM;

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Whether the sidecar can read it. */
    final class Check implements ConstraintValidator<RedisUrl, String> {
        @Override
        public boolean isValid(@Nullable String url, ConstraintValidatorContext context) {
            try {
                RedisAddress.parse(String.valueOf(url), null);
                return true;
            } catch (IllegalArgumentException unreadable) {
                return false;
            }
        }
    }
}
