package org.vitrina.metrics;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Page;
import org.vitrina.http.RequestDeadline;

/** Pairs and the absolute error over HTTP, and a page to look at. */
@Path("/")
@PermitAll
class MetricsResource {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern WINDOW = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Duration HOUR = Duration.ofHours(1);

    private final ObservationService observations;
    private final RequestDeadline deadline;

    MetricsResource(ObservationService observations, RequestDeadline deadline) {
        this.observations = observations;
        this.deadline = deadline;
    }

    @GET
    @Path("/metrics/pairs")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<List<Pair>>> pairs(
            @Parameter(
                            description = "Only pairs after the one of this position; from the first if left out, or 0",
                            schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "0"))
                    @QueryParam("after")
                    @Nullable
                    String after,
            @Parameter(description = "How many at most, up to 1000; 100 if left out") @QueryParam("limit") @Nullable
                    String limit,
            @Context UriInfo uri) {
        if (after != null && !NUMBER.matcher(after).matches()) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "after must be a pair's position.");
        }
        int most = Page.limit(limit, USUAL, MOST);
        // one more than is shown tells whether there is a next page
        return deadline.bound(observations.pairs(after == null ? 0 : Long.parseLong(after), most + 1))
                .map(found -> Page.of(found, most)
                        .answer(uri, "after", Pair::position)
                        .build());
    }

    @GET
    @Path("/metrics/error")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<ErrorReport> error(
            @Parameter(description = "Such as 30s, 15m, 1h or 7d, up to 30d; 1h if left out")
                    @QueryParam("window")
                    @Nullable
                    String window) {
        return deadline.bound(observations.error(window(window)));
    }

    @GET
    @Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
    public Uni<String> page(@QueryParam("window") @Nullable String window) {
        Duration asked = window(window);
        return deadline.bound(observations.error(asked)).map(report -> ErrorPage.html(asked, report));
    }

    private static Duration window(@Nullable String text) {
        if (text == null) {
            return HOUR;
        }
        Matcher matcher = WINDOW.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration window =
                    switch (matcher.group(2)) {
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    };
            if (window.compareTo(LONGEST) <= 0) {
                return window;
            }
        }
        throw new ProblemException(ErrorCode.BAD_REQUEST, "window must be such as 30s, 15m, 1h or 7d, up to 30d.");
    }
}
