package org.vitrina.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;

/** No endpoint is open because somebody forgot to say who may: {@link ServiceRules}. */
final class AccessRules {
    private static final List<String> VERBS = List.of(
            "jakarta.ws.rs.GET",
            "jakarta.ws.rs.HEAD",
            "jakarta.ws.rs.POST",
            "jakarta.ws.rs.PUT",
            "jakarta.ws.rs.PATCH",
            "jakarta.ws.rs.DELETE");

    /** By which an endpoint says who may. */
    private static final List<String> RULES = List.of(
            "org.vitrina.identity.OwnData",
            "jakarta.annotation.security.RolesAllowed",
            "jakarta.annotation.security.PermitAll",
            "io.quarkus.security.Authenticated");

    private AccessRules() {}

    static ArchRule whoMayIsDeclared() {
        return methods()
                .that(describe(
                        "answer requests",
                        method -> VERBS.stream().anyMatch(method::isAnnotatedWith)
                                && !method.getOwner().isInterface()))
                .should(new ArchCondition<JavaMethod>("say who may, or their class") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        if (RULES.stream()
                                .noneMatch(rule -> method.isAnnotatedWith(rule)
                                        || method.getOwner().isAnnotatedWith(rule))) {
                            events.add(SimpleConditionEvent.violated(method, method.getFullName() + " is for anybody"));
                        }
                    }
                })
                .as(
                        "an endpoint, or its class, declares who may: @OwnData, @RolesAllowed, @Authenticated or @PermitAll")
                .allowEmptyShould(true);
    }
}
