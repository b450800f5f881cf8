package org.vitrina.client;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a client's guarded method, outside its fault tolerance: each {@link GuardedCall} is counted once, whatever the number of its
 * tries, and fails with a {@link CallFailure} also where a guard refused it.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Accounted {}
