package org.vitrina.persistence;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.vitrina.http.RequestDeadline;

/** The tests' door to {@link NoteRepository}, bound to deadlines as in every service. */
@Path("/notes")
@Produces(MediaType.TEXT_PLAIN)
class NoteResource {
    private final NoteRepository notes;
    private final RequestDeadline deadline;

    NoteResource(NoteRepository notes, RequestDeadline deadline) {
        this.notes = notes;
        this.deadline = deadline;
    }

    @GET
    @Path("{id}")
    public Uni<String> read(@PathParam("id") int id) {
        return deadline.bound(notes.read(id));
    }

    @PUT
    @Path("{id}")
    public Uni<Void> write(@PathParam("id") int id, String text) {
        return deadline.bound(notes.write(id, text));
    }

    @GET
    @Path("slow")
    public Uni<String> slow(
            @QueryParam("seconds") double seconds, @QueryParam("style") @DefaultValue("read") String style) {
        return deadline.bound(
                switch (style) {
                    case "write" -> notes.slowWrite(seconds);
                    case "unshielded" -> notes.slowReadWithoutShield(seconds);
                    default -> notes.slowRead(seconds);
                });
    }
}
