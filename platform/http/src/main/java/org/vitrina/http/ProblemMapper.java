package org.vitrina.http;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.ValidationException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ResteasyReactiveClientProblem;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Problems.Violation;
import org.vitrina.identity.Refusals;
import org.vitrina.runtime.FailureTranslations;

/**
 * Turns whatever a resource method or the framework throws into a problem answer, and logs it: 4xx at DEBUG, 5xx once at
 * ERROR with the trace id. Nothing of an unexpected exception reaches the caller.
 */
class ProblemMapper {
    private static final Logger LOG = Logger.getLogger("org.vitrina.problem");

    static final String INVALID = "The input is invalid; violations names each field and what it must be.";

    /** An answer must not grow with what a caller sends: ten thousand wrong lines are as wrong as a hundred. */
    private static final int MOST_VIOLATIONS = 100;

    private final Problems problems;
    private final ErrorLog errors;
    private final DescribedRoutes routes;
    private final FailureTranslations translations;

    @Inject
    ProblemMapper(Problems problems, ErrorLog errors, DescribedRoutes routes, FailureTranslations translations) {
        this.problems = problems;
        this.errors = errors;
        this.routes = routes;
        this.translations = translations;
    }

    // The types beside Throwable are those that extensions map themselves; an equal type with a lower priority wins.
    @ServerExceptionMapper(
            value = {
                Throwable.class,
                WebApplicationException.class,
                NotFoundException.class,
                MismatchedInputException.class,
                ValidationException.class,
                ConstraintViolationException.class,
                UnauthorizedException.class,
                AuthenticationFailedException.class,
                ForbiddenException.class
            },
            priority = 1)
    Response problem(Throwable failure, HttpServerRequest request) {
        Throwable thrown = Refusals.translate(translations.translate(failure));
        return switch (thrown) {
            case ProblemException problem ->
                answer(
                        request,
                        problem.code(),
                        problem.detail(),
                        List.of(),
                        problem.extra(),
                        problem.headers(),
                        problem);
            case BadInput bad -> answer(request, bad.code(), bad.detail(), bad.violations(), Map.of(), Map.of(), bad);
            case ConstraintViolationException invalid
            when isCallers(invalid) ->
                answer(request, ErrorCode.VALIDATION, INVALID, violations(invalid), Map.of(), Map.of(), invalid);
            case NotFoundException unreadable
            when unreadable.getCause() != null ->
                answer(
                        request,
                        ErrorCode.BAD_REQUEST,
                        "A parameter in the path or query does not have the form that it must have.",
                        List.of(),
                        Map.of(),
                        Map.of(),
                        unreadable);
            case WebApplicationException web when !(web instanceof ResteasyReactiveClientProblem) -> of(web, request);
            default ->
                answer(
                        request,
                        ErrorCode.INTERNAL,
                        Statuses.detail(ErrorCode.INTERNAL),
                        List.of(),
                        Map.of(),
                        Map.of(),
                        thrown);
        };
    }

    private Response of(WebApplicationException thrown, HttpServerRequest request) {
        Response given = thrown.getResponse();
        if (given.getStatus() < 400) {
            return given;
        }
        ErrorCode code = Statuses.code(given.getStatus());
        String path = Problems.instance(request);
        if (code.status() == 405) {
            Map<String, String> allow = Map.of(HttpHeaders.ALLOW, routes.methods(path));
            return answer(request, code, Statuses.detail(code), List.of(), Map.of(), allow, thrown);
        }
        String read =
                code.status() == 415 ? routes.bodies(path, request.method().name()) : "";
        if (read.isEmpty()) {
            return answer(request, code, Statuses.detail(code), List.of(), Map.of(), Map.of(), thrown);
        }
        String detail = "A body of this media type cannot be read here; send " + read.replace(", ", " or ") + ".";
        return answer(request, code, detail, List.of(), Map.of(), Map.of(HttpHeaders.ACCEPT, read), thrown);
    }

    private Response answer(
            HttpServerRequest request,
            ErrorCode code,
            String detail,
            List<Violation> violations,
            Map<String, Object> extra,
            Map<String, String> headers,
            Throwable thrown) {
        RequestState state = RequestState.current();
        String traceId = state == null ? "" : state.traceId();
        String instance = Problems.instance(request);
        // a caller that has left, or was answered (408), gets nothing more: what its end broke is no error of ours
        boolean awaited = !request.response().closed() && !request.response().ended();
        if (code.status() >= 500 && awaited) {
            errors.log(code, detail, request.method().name(), instance, traceId, thrown);
        } else {
            LOG.debugf(
                    "%s %s: %d %s: %s [%s]", request.method(), instance, code.status(), code.slug(), detail, traceId);
        }
        Response.ResponseBuilder answer = Response.status(code.status())
                .type(Problems.MEDIA_TYPE)
                .entity(problems.json(code, detail, instance, traceId, violations, extra));
        headers.forEach(answer::header);
        return answer.build();
    }

    /** Whether it was the caller's input that was validated, not what we return or store. */
    private static boolean isCallers(ConstraintViolationException invalid) {
        if (invalid.getConstraintViolations() == null) {
            return false;
        }
        for (ConstraintViolation<?> violation : invalid.getConstraintViolations()) {
            boolean parameter = false;
            for (Path.Node node : violation.getPropertyPath()) {
                parameter |= node.getKind() == ElementKind.PARAMETER || node.getKind() == ElementKind.CROSS_PARAMETER;
            }
            if (!parameter) {
                return false;
            }
        }
        return true;
    }

    private static List<Violation> violations(ConstraintViolationException invalid) {
        List<Violation> violations = new ArrayList<>();
        for (ConstraintViolation<?> violation : invalid.getConstraintViolations()) {
            violations.add(new Violation(field(violation.getPropertyPath()), violation.getMessage()));
        }
        violations.sort(Comparator.comparing(Violation::field).thenComparing(Violation::message));
        return violations.size() > MOST_VIOLATIONS ? violations.subList(0, MOST_VIOLATIONS) : violations;
    }

    /** The field as the caller writes it: without method and body parameter, in snake_case. */
    private static String field(Path path) {
        StringBuilder field = new StringBuilder();
        String parameter = "";
        for (Path.Node node : path) {
            if (node.getKind() == ElementKind.PARAMETER) {
                parameter = name(node);
            } else if (node.getKind() == ElementKind.PROPERTY || node.getKind() == ElementKind.CONTAINER_ELEMENT) {
                if (node.isInIterable()) {
                    field.append('[')
                            .append(node.getIndex() == null ? node.getKey() : node.getIndex())
                            .append(']');
                }
                if (node.getKind() == ElementKind.PROPERTY) {
                    field.append(field.isEmpty() ? "" : ".").append(name(node));
                }
            }
        }
        return field.isEmpty() ? parameter : field.toString();
    }

    private static String name(Path.Node node) {
        return snakeCase(node.getName());
    }

    static String snakeCase(@Nullable String name) {
        if (name == null) {
            return "";
        }
        StringBuilder snake = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c) && i > 0) {
                snake.append('_');
            }
            snake.append(c);
        }
        return snake.toString().toLowerCase(Locale.ROOT);
    }
}
