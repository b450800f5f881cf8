package org.vitrina.identity;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that a resource, or one of its methods, is about one user, and for that user only: who says who they are and is
 * the user of the path (a number as {@code {id}}, as in {@code /users/{id}/…}) and of {@code ?user_id=}, or has the role {@code service} or {@code admin}.
 * Others get 401 and 403.
 */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface OwnData {}
