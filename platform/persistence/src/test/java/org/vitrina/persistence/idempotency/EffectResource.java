package org.vitrina.persistence.idempotency;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.http.IdempotencyKey;

/** The tests' door to {@link Effects}. */
@Path("/effects/{user}/{key}")
@Produces(MediaType.TEXT_PLAIN)
class EffectResource {
    private final Effects effects;

    EffectResource(Effects effects) {
        this.effects = effects;
    }

    @POST
    public Uni<RestResponse<String>> once(@PathParam("user") int user, @PathParam("key") String key, String text) {
        return effects.once(user, key, text).map(EffectResource::answer);
    }

    @POST
    @Path("claim")
    public Uni<String> claim(
            @PathParam("user") int user, @PathParam("key") String key, @QueryParam("lease") long millis, String text) {
        return effects.claim(user, key, text, Duration.ofMillis(millis)).map(claim -> switch (claim) {
            case Claim.Mine() -> "mine";
            case Claim.Made(KeptAnswer answer) -> answer.body();
            case Claim.Running() -> "running";
            case Claim.OtherRequest() -> "other";
        });
    }

    @PUT
    public Uni<Void> keep(@PathParam("user") int user, @PathParam("key") String key, String text) {
        return effects.keep(user, key, new KeptAnswer(200, text));
    }

    @DELETE
    public Uni<Void> free(@PathParam("user") int user, @PathParam("key") String key) {
        return effects.free(user, key);
    }

    private static RestResponse<String> answer(KeptAnswer answer) {
        var response =
                RestResponse.ResponseBuilder.create(RestResponse.Status.fromStatusCode(answer.status()), answer.body());
        return (answer.replayed() ? response.header(IdempotencyKey.REPLAYED, true) : response).build();
    }
}
