package org.vitrina.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Extensible;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;

/**
 * Completes the OpenAPI document when a service is built. Shapes come from the code; a service's own words stand in its
 * {@code META-INF/openapi.yaml}, those for answers as {@code x-answers} of their operation (status: words). What
 * services with a database answer alike is said here once, wherever the operation says nothing itself:
 *
 * <ul>
 *   <li>400, if ids in the path are all that it takes
 *   <li>415, if it has a body
 *   <li>503 and 504; neither, if it says itself when it is not to be had (503)
 *   <li>what the body of a second answer of success is: that of the first
 *   <li>what the body of an error is: a problem
 * </ul>
 *
 * <p>Bytes that are handed on, which the scanner can say nothing of, are what the file says they are.
 *
 * A service names other reasons, for all of its operations, in the document's {@code x-common-answers}.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class CommonAnswers implements OASFilter {
    private static final String ANSWERS = "x-answers";
    private static final String COMMON_ANSWERS = "x-common-answers";
    private static final String PROBLEM = "Problem";

    private final IndexView classes;

    public CommonAnswers(IndexView classes) {
        this.classes = classes;
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getPaths() == null) {
            return; // a program without operations, such as one that only consumes queues
        }
        DeclaredAccess.describe(document, classes);
        Map<String, String> common = taken(document, COMMON_ANSWERS);
        boolean database = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.datasource.db-kind", String.class)
                .isPresent();
        document.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().values().forEach(operation -> {
                    if (operation.getRequestBody() != null) {
                        describe(operation.getRequestBody().getContent());
                    }
                    operation.getResponses().getAPIResponses().values().forEach(each -> describe(each.getContent()));
                    Map<String, String> own = taken(operation, ANSWERS);
                    own.forEach((status, words) -> answer(operation, status).setDescription(words));
                    shareBody(operation.getResponses(), own.keySet());
                    if (database) {
                        addCommon(path, operation, common);
                    }
                    common.forEach((status, words) -> unlessSaid(operation, status, words));
                    completeHeaders(operation.getResponses());
                    addProblems(operation.getResponses());
                }));
        Components components =
                document.getComponents() == null ? OASFactory.createComponents() : document.getComponents();
        document.setComponents(components.addSchema(PROBLEM, problem()));
    }

    /** Where the file has a shape, that the code has bytes or events is left out. */
    private static void describe(@Nullable Content content) {
        if (content == null) {
            return;
        }
        for (MediaType type : content.getMediaTypes().values()) {
            Schema schema = type.getSchema();
            if (schema == null) {
                continue;
            }
            if (schema.getRef() != null) {
                schema.type(null).format(null).items(null);
            } else if (isBytes(schema) && schema.getItems() != null) {
                schema.type(List.of(SchemaType.ARRAY)).format(null);
            }
        }
    }

    private static boolean isBytes(Schema schema) {
        return "binary".equals(schema.getFormat());
    }

    private static void addProblems(APIResponses answers) {
        answers.getAPIResponses().forEach((status, answer) -> {
            if (status.compareTo("400") >= 0 && answer.getContent() == null) {
                answer.setContent(OASFactory.createContent()
                        .addMediaType(
                                Problems.MEDIA_TYPE,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(PROBLEM))));
            }
        });
    }

    /** As {@link Problems} writes it; a problem may have more that its {@code type} explains. */
    private static Schema problem() {
        Schema violation = schema(SchemaType.OBJECT)
                .addProperty("field", schema(SchemaType.STRING))
                .addProperty("message", schema(SchemaType.STRING))
                .required(List.of("field", "message"));
        return schema(SchemaType.OBJECT)
                .description("A problem (RFC 9457); its type says what it is, in a form for programs.")
                .addProperty("type", schema(SchemaType.STRING).addExample("urn:vitrina:problem:not-found"))
                .addProperty("title", schema(SchemaType.STRING))
                .addProperty("status", schema(SchemaType.INTEGER).format("int32"))
                .addProperty("detail", schema(SchemaType.STRING))
                .addProperty("instance", schema(SchemaType.STRING))
                .addProperty("trace_id", schema(SchemaType.STRING))
                .addProperty("violations", schema(SchemaType.ARRAY).items(violation))
                .required(List.of("type", "title", "status"));
    }

    static Schema schema(SchemaType type) {
        return OASFactory.createSchema().type(List.of(type));
    }

    private static void addCommon(String path, Operation operation, Map<String, String> instead) {
        List<Parameter> parameters = operation.getParameters() == null ? List.of() : operation.getParameters();
        boolean body = operation.getRequestBody() != null;
        if (!body && !parameters.isEmpty() && parameters.stream().allMatch(CommonAnswers::isId)) {
            unlessSaid(operation, "400", missing(path, parameters));
        }
        if (body) {
            unlessSaid(operation, "415", "The body is no JSON");
        }
        if (!operation.getResponses().hasAPIResponse("503")) {
            boolean key = parameters.stream().anyMatch(each -> IdempotencyKey.HEADER.equals(each.getName()));
            unlessSaid(
                    operation,
                    "503",
                    instead.getOrDefault("503", "Not now: the database is away, or too much is asked"));
            unlessSaid(
                    operation,
                    "504",
                    instead.getOrDefault(
                            "504", "Not within the deadline" + (key ? ": repeat it with the same key" : "")));
        }
    }

    private static boolean isId(Parameter parameter) {
        return parameter.getIn() == Parameter.In.PATH
                && (parameter.getName().equals("id") || parameter.getName().endsWith("_id"));
    }

    /** Such as "No user id or no product id"; a bare {@code id} is one of what stands before it in the path. */
    private static String missing(String path, List<Parameter> ids) {
        String owner = path.startsWith("/users/") ? "user" : path.startsWith("/products/") ? "product" : "";
        String words = ids.stream()
                .map(id -> {
                    String of = id.getName().equals("id") ? owner : id.getName().replace("_id", "");
                    return "no " + of + " id" + (of.equals("order") ? " (a UUID)" : "");
                })
                .collect(Collectors.joining(" or "));
        return "N" + words.substring(1);
    }

    /**
     * The scanner knows one answer of success, and calls it 200 where it cannot tell. Where a service names its own, they
     * take its place and have its body. Bytes that come from another service are not described.
     */
    private static void shareBody(APIResponses answers, Set<String> named) {
        Map<String, APIResponse> successes = new TreeMap<>(answers.getAPIResponses());
        successes.keySet().removeIf(status -> !status.startsWith("2") || status.equals("204"));
        Optional<Content> body = successes.values().stream()
                .map(APIResponse::getContent)
                .filter(content -> content != null
                        && content.getMediaTypes().values().stream()
                                .noneMatch(type -> type.getSchema() != null && isBytes(type.getSchema())))
                .findFirst();
        successes.forEach((status, answer) -> {
            if (!named.contains(status) && named.stream().anyMatch(each -> each.startsWith("2"))) {
                answers.removeAPIResponse(status);
            } else if (answer.getContent() == null) {
                body.ifPresent(answer::setContent);
            }
        });
    }

    /** A header is a string unless it says otherwise. */
    private static void completeHeaders(APIResponses answers) {
        answers.getAPIResponses().values().stream()
                .filter(each -> each.getHeaders() != null)
                .flatMap(each -> each.getHeaders().values().stream())
                .filter(each -> each.getSchema() == null)
                .forEach(each -> each.setSchema(schema(SchemaType.STRING)));
    }

    private static void unlessSaid(Operation operation, String status, String words) {
        if (!operation.getResponses().hasAPIResponse(status)) {
            answer(operation, status).setDescription(words);
        }
    }

    private static APIResponse answer(Operation operation, String status) {
        APIResponse known = operation.getResponses().getAPIResponse(status);
        if (known != null) {
            return known;
        }
        APIResponse answer = OASFactory.createAPIResponse();
        operation.getResponses().addAPIResponse(status, answer);
        return answer;
    }

    /** The words of an extension, which is no part of the served document. */
    private static Map<String, String> taken(Extensible<?> holder, String extension) {
        Map<String, String> words = new TreeMap<>();
        if (holder.getExtensions() != null && holder.getExtensions().get(extension) instanceof Map<?, ?> map) {
            map.forEach((status, text) -> words.put(String.valueOf(status), String.valueOf(text)));
            holder.removeExtension(extension);
        }
        return words;
    }
}
