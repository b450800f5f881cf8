package org.vitrina.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jspecify.annotations.Nullable;

/**
 * Says in the OpenAPI document who may what, as the annotations of its endpoints declare it: each way in is one {@code
 * security} requirement of a role, {@code owner} that of whom the data is; an empty list is for everybody.
 */
final class DeclaredAccess {
    private static final String SCHEME = "bearer";
    private static final String OWNER = "owner";
    private static final DotName PATH = DotName.createSimple("jakarta.ws.rs.Path");
    private static final DotName OWN_DATA = DotName.createSimple("org.vitrina.identity.OwnData");
    private static final DotName ROLES = DotName.createSimple("jakarta.annotation.security.RolesAllowed");
    private static final DotName ANYBODY = DotName.createSimple("jakarta.annotation.security.PermitAll");
    private static final DotName SIGNED_IN = DotName.createSimple("io.quarkus.security.Authenticated");

    private DeclaredAccess() {}

    static void describe(OpenAPI document, IndexView classes) {
        Map<String, List<SecurityRequirement>> access = declared(classes);
        if (access.isEmpty()) {
            return;
        }
        var components = document.getComponents() == null ? OASFactory.createComponents() : document.getComponents();
        document.setComponents(components.addSecurityScheme(
                SCHEME,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("JWT")
                        .description("Asked for unless vitrina.auth=off. A requirement names the role that may;"
                                + " owner is the user of the path or of user_id.")));
        document.getPaths().getPathItems().forEach((path, item) -> item.getOperations()
                .forEach((verb, operation) -> describe(operation, access.get(verb + " " + normal(path)))));
    }

    private static void describe(Operation operation, @Nullable List<SecurityRequirement> access) {
        if (access == null) {
            return;
        }
        operation.setSecurity(access);
        if (!access.isEmpty()) {
            unlessSaid(operation, "401", "No access token, or none that is accepted");
            unlessSaid(operation, "403", "The caller is another user, or has none of the roles");
        }
    }

    private static void unlessSaid(Operation operation, String status, String words) {
        if (!operation.getResponses().hasAPIResponse(status)) {
            operation
                    .getResponses()
                    .addAPIResponse(status, OASFactory.createAPIResponse().description(words));
        }
    }

    /** By verb and path. */
    private static Map<String, List<SecurityRequirement>> declared(IndexView classes) {
        Map<String, List<SecurityRequirement>> access = new TreeMap<>();
        for (AnnotationInstance path : classes.getAnnotations(PATH)) {
            if (path.target().kind() != AnnotationTarget.Kind.CLASS
                    || path.target().asClass().isInterface()) {
                continue;
            }
            ClassInfo resource = path.target().asClass();
            for (MethodInfo method : resource.methods()) {
                String verb = verb(method);
                if (!verb.isEmpty()) {
                    AnnotationInstance below = method.declaredAnnotation(PATH);
                    String whole = path.value().asString() + "/"
                            + (below == null ? "" : below.value().asString());
                    access.put(verb + " " + normal(whole), access(resource, method));
                }
            }
        }
        return access;
    }

    private static String verb(MethodInfo method) {
        return List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE").stream()
                .filter(each -> method.hasDeclaredAnnotation(DotName.createSimple("jakarta.ws.rs." + each)))
                .findFirst()
                .orElse("");
    }

    /** Without what is not the same on both sides: doubled and last slashes, patterns of parameters. */
    private static String normal(String path) {
        String normal =
                ("/" + path).replaceAll("\\{\\s*([^:}\\s]+)[^}]*}", "{$1}").replaceAll("/+", "/");
        return normal.length() > 1 && normal.endsWith("/") ? normal.substring(0, normal.length() - 1) : normal;
    }

    private static List<SecurityRequirement> access(ClassInfo resource, MethodInfo method) {
        boolean own = method.hasDeclaredAnnotation(OWN_DATA) || resource.hasDeclaredAnnotation(OWN_DATA);
        AnnotationInstance roles = method.declaredAnnotation(ROLES);
        boolean said =
                roles != null || method.hasDeclaredAnnotation(ANYBODY) || method.hasDeclaredAnnotation(SIGNED_IN);
        if (!said) {
            roles = resource.declaredAnnotation(ROLES);
        }
        if (roles != null) {
            return of(roles.value());
        }
        if (own) {
            return List.of(requirement(OWNER), requirement("service"), requirement("admin"));
        }
        boolean signedIn =
                method.hasDeclaredAnnotation(SIGNED_IN) || (!said && resource.hasDeclaredAnnotation(SIGNED_IN));
        return signedIn ? List.of(OASFactory.createSecurityRequirement().addScheme(SCHEME, List.of())) : List.of();
    }

    private static List<SecurityRequirement> of(AnnotationValue roles) {
        List<SecurityRequirement> all = new ArrayList<>();
        for (String role : roles.asStringArray()) {
            // one that a setting names is no part of what every install keeps
            if (!role.startsWith("${")) {
                all.add(requirement(role));
            }
        }
        return all;
    }

    private static SecurityRequirement requirement(String role) {
        return OASFactory.createSecurityRequirement().addScheme(SCHEME, List.of(role));
    }
}
