package org.vitrina.bff.shop;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.session.BrowserSession;
import org.vitrina.bff.session.Callers;
import org.vitrina.bff.session.DemoUsers;
import org.vitrina.bff.session.ProviderLogouts;
import org.vitrina.bff.session.ProviderSignIn;
import org.vitrina.bff.session.Sessions;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.PerUser;
import org.vitrina.identity.AuthMode;
import org.vitrina.identity.Roles;

/** {@code /session}: who one is here, signing in and out. */
@Path("/session")
@PerUser
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class SessionResource {
    private final Callers callers;
    private final Sessions sessions;
    private final ProviderSignIn provider;
    private final ProviderLogouts logouts;
    private final DemoUsers users;
    private final Visits visits;
    private final Pages pages;
    private final Assets assets;
    private final int defaultUser;

    SessionResource(
            Callers callers,
            Sessions sessions,
            ProviderSignIn provider,
            ProviderLogouts logouts,
            DemoUsers users,
            Visits visits,
            Pages pages,
            Assets assets,
            BffConfig config) {
        this.callers = callers;
        this.sessions = sessions;
        this.provider = provider;
        this.logouts = logouts;
        this.assets = assets;
        this.users = users;
        this.visits = visits;
        this.pages = pages;
        this.defaultUser = config.defaultUser();
    }

    /** Who one is. */
    @Schema(name = "Session")
    public record View(
            int userId,
            @Schema(description = "Of admin, operator, service; a customer has none") Set<String> roles,
            @Schema(description = "When the session or token ends; null with authentication off", nullable = true)
                    @Nullable
                    Instant expiresAt,
            @Schema(
                            description =
                                    "What a change by the session's cookie sends as X-CSRF-Token; null without a session",
                            nullable = true)
                    @Nullable
                    String csrfToken) {}

    /** Who one will be. */
    @Schema(name = "SignIn")
    public record SignIn(@NotNull @Min(1) Integer userId) {}

    /**
     * What the page of signing in offers.
     *
     * @param back where it leads to
     */
    public record Choice(List<Integer> customers, int admin, int operator, String back) {}

    /** What a provider is told of those whom it has signed out. */
    @Schema(name = "LoggedOut")
    public record LoggedOut(@Schema(description = "Every session of theirs is over") boolean ended) {}

    /**
     * What is shown on the way to the provider.
     *
     * @param to where one signs out there
     */
    public record Leaving(String language, String style, String icon, String to) {}

    @GET
    @Authenticated
    @APIResponseSchema(View.class)
    public View session() {
        if (callers.mode() == AuthMode.OFF) {
            return new View(defaultUser, told(callers.roles()), null, null);
        }
        BrowserSession session = callers.session();
        if (session != null) {
            return view(session, callers.roles());
        }
        return callers.caller()
                .map(caller -> new View(
                        caller.userId(), told(caller.roles()), caller.expires().truncatedTo(ChronoUnit.SECONDS), null))
                .orElseThrow(() -> new ProblemException(ErrorCode.UNAUTHORIZED, "Nobody is signed in."));
    }

    private static View view(BrowserSession session, Set<String> roles) {
        return new View(session.user(), told(roles), session.until().truncatedTo(ChronoUnit.SECONDS), session.csrf());
    }

    /** Those that count here, in one order; that a user is one need not be told. */
    private static Set<String> told(Set<String> roles) {
        Set<String> told = new TreeSet<>(roles);
        told.retainAll(Roles.ALL);
        told.remove(Roles.USER);
        return told;
    }

    @GET
    @Path("/sign-in")
    @Produces(PageGate.HTML)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> page(@RestQuery @Nullable String back, HttpServerRequest asked) {
        String own = Notices.back(back == null ? "/" : back);
        if (callers.mode() == AuthMode.OIDC) {
            return toProvider(asked, own);
        }
        requireDemo();
        Visit visit = visits.current();
        String heading = visit.words().signInHeading();
        String content =
                visit.render(Templates.signIn(new Choice(users.customers(), users.admin(), users.operator(), own)));
        return Uni.createFrom().item(pages.whole(visit, 200, heading, "", content));
    }

    private Uni<RestResponse<String>> toProvider(HttpServerRequest asked, String back) {
        return provider.begin(asked, back).map(way -> way(RestResponse.StatusCode.FOUND, way));
    }

    private static RestResponse<String> way(int status, ProviderSignIn.Way way) {
        var answer = RestResponse.ResponseBuilder.<String>create(status).header(HttpHeaders.LOCATION, way.to());
        way.setCookies().forEach(cookie -> answer.header(HttpHeaders.SET_COOKIE, cookie));
        return answer.build();
    }

    /** Where a provider sends a browser back to. */
    @GET
    @Path("/callback")
    @Produces(PageGate.HTML)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> callback(
            @RestQuery @Nullable String code,
            @RestQuery @Nullable String state,
            @RestQuery @Nullable String error,
            @RestQuery @Nullable String iss,
            HttpServerRequest asked) {
        requireProvider();
        return provider.finish(asked, new ProviderSignIn.Answer(code, state, error, iss), callers.session())
                .map(way -> way(RestResponse.StatusCode.SEE_OTHER, way));
    }

    /** A provider says that somebody is signed out there (OpenID Connect Back-Channel Logout 1.0). */
    @POST
    @Path("/back-channel-logout")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @APIResponseSchema(LoggedOut.class)
    public Uni<LoggedOut> signedOut(String body) {
        // no session makes it believed: only the token does
        callers.requireProof();
        requireProvider();
        return logouts.take(Form.read(body).text("logout_token")).replaceWith(new LoggedOut(true));
    }

    @POST
    @Path("/sign-in")
    @Consumes(MediaType.APPLICATION_JSON)
    @APIResponseSchema(View.class)
    public RestResponse<View> signIn(@Valid @NotNull SignIn who, HttpServerRequest asked) {
        Sessions.Begun begun = begin(who.userId(), asked);
        return RestResponse.ResponseBuilder.ok(
                        view(begun.session(), begun.session().roles()))
                .header(HttpHeaders.SET_COOKIE, begun.setCookie())
                .build();
    }

    @POST
    @Path("/sign-in")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(PageGate.HTML)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> signIn(String body, HttpServerRequest asked) {
        Form form = Form.read(body);
        String back = Notices.back(form.text("back"));
        if (callers.mode() == AuthMode.OIDC) {
            return toProvider(asked, back);
        }
        Sessions.Begun begun = begin(form.number("user_id", Integer.MAX_VALUE), asked);
        return Uni.createFrom().item(seeOther(back, begun.setCookie()));
    }

    private Sessions.Begun begin(int user, HttpServerRequest asked) {
        requireDemo();
        return sessions.begin(asked, callers.session(), user, users.roles(user));
    }

    @POST
    @Path("/sign-out")
    @Produces({MediaType.APPLICATION_JSON, PageGate.HTML})
    public Uni<RestResponse<String>> signOut(
            @RequestBody(
                            required = false,
                            content =
                                    @Content(
                                            mediaType = MediaType.TEXT_PLAIN,
                                            schema = @Schema(type = SchemaType.STRING)))
                    @Nullable
                    String body,
            HttpServerRequest asked) {
        String type = asked.getHeader(HttpHeaders.CONTENT_TYPE);
        boolean form = type != null && type.startsWith(MediaType.APPLICATION_FORM_URLENCODED);
        if (form) {
            visits.read(body == null ? "" : body);
        }
        callers.requireProof();
        BrowserSession session = callers.session();
        String cookie = sessions.end(asked, session);
        if (session == null || callers.mode() != AuthMode.OIDC) {
            return Uni.createFrom().item(signedOut(form, cookie));
        }
        Visit visit = visits.current();
        return provider.signOut(asked, session)
                .map(there -> form && there != null ? leaving(asked, visit, there, cookie) : signedOut(form, cookie));
    }

    private static RestResponse<String> signedOut(boolean form, @Nullable String cookie) {
        var answer = form
                ? RestResponse.ResponseBuilder.<String>create(RestResponse.StatusCode.SEE_OTHER)
                        .header(HttpHeaders.LOCATION, "/")
                : RestResponse.ResponseBuilder.<String>noContent();
        return (cookie == null ? answer : answer.header(HttpHeaders.SET_COOKIE, cookie)).build();
    }

    /** A page that leads on by itself: the answer to a form may not, as the policy of our pages has it ({@code form-action}). */
    private RestResponse<String> leaving(HttpServerRequest asked, Visit visit, String there, @Nullable String cookie) {
        PageGate.protect(asked.response());
        var leaving = new Leaving(visit.language(), assets.style(), assets.icon(), there);
        var answer = RestResponse.ResponseBuilder.ok(visit.render(Templates.leaving(leaving)), PageGate.HTML)
                .header("Refresh", "0; url=" + there);
        return (cookie == null ? answer : answer.header(HttpHeaders.SET_COOKIE, cookie)).build();
    }

    /** The path of the page of signing in, which leads back to this one of ours. */
    static String path(String back) {
        String own = Notices.back(back);
        return Sessions.SIGN_IN + (own.equals("/") ? "" : "?back=" + URLEncoder.encode(own, StandardCharsets.UTF_8));
    }

    private static RestResponse<String> seeOther(String path, String cookie) {
        return RestResponse.ResponseBuilder.<String>create(RestResponse.StatusCode.SEE_OTHER)
                .header(HttpHeaders.LOCATION, path)
                .header(HttpHeaders.SET_COOKIE, cookie)
                .build();
    }

    private void requireProvider() {
        if (callers.mode() != AuthMode.OIDC) {
            throw new ProblemException(
                    ErrorCode.NOT_FOUND, "No provider signs anybody in here: that is with vitrina.auth=oidc only.");
        }
    }

    private void requireDemo() {
        if (callers.mode() != AuthMode.DEMO) {
            throw new ProblemException(
                    ErrorCode.NOT_FOUND, "Users are not chosen here: that is with vitrina.auth=demo only.");
        }
    }
}
