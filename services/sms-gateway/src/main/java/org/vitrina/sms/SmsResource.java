package org.vitrina.sms;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.Page;
import org.vitrina.http.PathId;

/** The provider's API. */
@Path("/sms")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
class SmsResource {
    private static final int MOST = 1000;
    private static final int USUAL = 100;

    private final SmsService messages;

    SmsResource(SmsService messages) {
        this.messages = messages;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Sms>> send(
            @Parameter(
                            description =
                                    "1 to 255 visible ASCII characters; without it every request is a message of its own")
                    @HeaderParam(IdempotencyKey.HEADER)
                    @Nullable
                    String key,
            @NotNull @Valid NewSms sms) {
        return messages.accept(key == null ? null : IdempotencyKey.parse(key).value(), sms)
                .map(accepted -> accepted.before()
                        ? RestResponse.ResponseBuilder.ok(accepted.sms())
                                .header(IdempotencyKey.REPLAYED, "true")
                                .build()
                        : RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, accepted.sms())
                                .build());
    }

    @DELETE
    public Uni<Void> erase(
            @Parameter(description = "Whose messages, by their client_ref", required = true)
                    @QueryParam("client_ref")
                    @Nullable
                    String clientRef) {
        if (clientRef == null) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST, "client_ref must name the messages that are to be erased.");
        }
        return messages.erase(clientRef);
    }

    @GET
    public Uni<RestResponse<List<Sms>>> messages(
            @QueryParam("client_ref") @Nullable String clientRef,
            @Parameter(
                            description = "Without client_ref: only messages of a higher position",
                            schema = @Schema(type = SchemaType.INTEGER, format = "int32", minimum = "0"))
                    @QueryParam("after")
                    @Nullable
                    String after,
            @Parameter(description = "Without client_ref: how many, at most 1000; 100 if left out")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Context UriInfo uri) {
        if (clientRef != null) {
            return messages.withClientRef(clientRef).map(RestResponse::ok);
        }
        int position = after == null || after.equals("0") ? 0 : PathId.parse("after", after);
        int most = Page.atMost(limit, USUAL, MOST);
        return messages.after(position, most).map(found -> new Page<>(found, found.size() == most)
                .answer(uri, "after", Sms::position)
                .build());
    }
}
