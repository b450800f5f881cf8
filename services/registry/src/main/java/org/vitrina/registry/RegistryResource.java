package org.vitrina.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.identity.Roles;

/** The registry's API. */
@Path("/services")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
class RegistryResource {
    private static final Pattern SERVICE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern ID = Pattern.compile(NewInstance.LABEL);
    private static final Pattern SECONDS = Pattern.compile("[1-9]|[1-5][0-9]|60");
    private static final int LONGEST_NAME = 63;

    private final RegistryService registry;
    private final Registrants registrants;
    private final ObjectMapper json;
    private final Vertx vertx;

    RegistryResource(RegistryService registry, Registrants registrants, ObjectMapper json, Vertx vertx) {
        this.registry = registry;
        this.registrants = registrants;
        this.json = json;
        this.vertx = vertx;
    }

    @GET
    public List<KnownService> services() {
        return registry.services();
    }

    @GET
    @Path("/{name}/instances")
    public Uni<RestResponse<List<Instance>>> instances(
            @RestPath String name,
            @Parameter(
                            description =
                                    "1 to 60: so many seconds to wait for a change, where If-None-Match has the present list's tag")
                    @RestQuery("wait")
                    @Nullable
                    String wait,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        checkService(name);
        if (wait == null || ifNoneMatch == null) {
            checkWait(wait);
            return Uni.createFrom().item(() -> answer(name, ifNoneMatch));
        }
        Duration most = checkWait(wait);
        if (isChanged(name, ifNoneMatch)) {
            return Uni.createFrom().item(() -> answer(name, ifNoneMatch));
        }
        return registry.change(vertx, name, most, () -> isChanged(name, ifNoneMatch))
                .map(changed -> answer(name, ifNoneMatch));
    }

    @RolesAllowed(Roles.SERVICE)
    @PUT
    @Path("/{name}/instances/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Registered>> register(
            @RestPath String name,
            @RestPath String id,
            @NotNull @Valid NewInstance instance,
            @Context HttpServerRequest request) {
        checkNames(name, id);
        registrants.check(request, name);
        String address = registrants.checkedAddress(instance.address());
        return registry.register(name, instance.named(id, address)).map(done -> RestResponse.ResponseBuilder.create(
                        done.before() ? RestResponse.Status.OK : RestResponse.Status.CREATED, done.registered())
                .build());
    }

    @RolesAllowed(Roles.SERVICE)
    @DELETE
    @Path("/{name}/instances/{id}")
    public Uni<Void> deregister(@RestPath String name, @RestPath String id, @Context HttpServerRequest request) {
        checkNames(name, id);
        registrants.check(request, name);
        return registry.deregister(name, id);
    }

    private RestResponse<List<Instance>> answer(String name, @Nullable String ifNoneMatch) {
        RegistryService.Answer answer = registry.instances(name);
        String tag = tag(answer);
        boolean other = ETags.noneMatch(ifNoneMatch, tag);
        return RestResponse.ResponseBuilder.<List<Instance>>create(
                        other ? RestResponse.Status.OK : RestResponse.Status.NOT_MODIFIED)
                .entity(other ? answer.instances() : null)
                .header(HttpHeaders.ETAG, tag)
                .header("Age", answer.age().toSeconds())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .build();
    }

    private boolean isChanged(String name, String ifNoneMatch) {
        return ETags.noneMatch(ifNoneMatch, tag(registry.instances(name)));
    }

    /** The same on all replicas of the registry: of the content alone. */
    private String tag(RegistryService.Answer answer) {
        try {
            return ETags.ofContent(json.writeValueAsBytes(answer.instances()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of replicas cannot be written as JSON", e);
        }
    }

    private static Duration checkWait(@Nullable String wait) {
        if (wait == null) {
            return Duration.ZERO;
        }
        if (!SECONDS.matcher(wait).matches()) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "wait must be whole seconds, from 1 to 60.");
        }
        return Duration.ofSeconds(Long.parseLong(wait));
    }

    private static void checkService(String name) {
        if (name.length() > LONGEST_NAME || !SERVICE.matcher(name).matches()) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST,
                    "A service's name has at most 63 small letters and digits, with single hyphens between them.");
        }
    }

    private static void checkNames(String name, String id) {
        checkService(name);
        if (!ID.matcher(id).matches()) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST,
                    "A replica's id has at most 63 letters, digits, dots, hyphens and underscores, and begins with a"
                            + " letter or a digit.");
        }
    }
}
