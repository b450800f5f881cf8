package org.vitrina.bff.shop;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.session.Sessions;
import org.vitrina.core.ErrorCode;
import org.vitrina.http.Forwarded;
import org.vitrina.http.RefusalPages;

/** What a browser is shown in place of a problem, also where it is refused before any route; programs get the problem itself. */
@Singleton
class ErrorPage implements RefusalPages {
    private static final MediaType HTML = MediaType.valueOf(PageGate.HTML);

    private static final String CSRF = "csrf";
    private static final String SIGN_IN = "sign-in";
    private static final String FORBIDDEN = "forbidden";

    private final Assets assets;

    /** Made once each: refusals come by the thousand. */
    private final Map<Kind, String> made = new ConcurrentHashMap<>();

    ErrorPage(Assets assets) {
        this.assets = assets;
    }

    /**
     * What the page says.
     *
     * @param again after how many seconds it tries again by itself; null: it does not
     * @param signIn path of the page of signing in, where that is what helps
     */
    public record View(
            String language,
            int status,
            String heading,
            String text,
            @Nullable Integer again,
            String style,
            String script,
            String icon,
            @Nullable String signIn) {}

    /**
     * What a page depends on.
     *
     * @param slug which problem it stands for; empty where only the status is known
     * @param read whether it was only asked for, so that nothing can have been changed
     * @param again see {@link View}
     */
    private record Kind(String language, int status, String slug, boolean read, @Nullable Integer again, String at) {}

    @ServerResponseFilter
    void styled(ContainerResponseContext answer, HttpServerRequest asked) {
        MediaType type = answer.getMediaType();
        if (type == null || !type.getSubtype().equals("problem+json") || !PageGate.wantsHtml(asked)) {
            return; // a page of ours may have such a status too
        }
        PageGate.protect(asked.response());
        if (answer.getStatus() == 401 && isRead(asked) && isNavigation(asked)) {
            answer.setStatus(303);
            answer.getHeaders().remove("WWW-Authenticate");
            answer.getHeaders().putSingle("Location", SessionResource.path(asked.uri()));
            answer.setEntity(null);
            return;
        }
        answer.setEntity(
                html(asked, answer.getStatus(), answer.getStatus() == 403 ? slug(answer) : ""),
                new Annotation[0],
                HTML);
    }

    /** Why it is not allowed: without the form's token, because signing in has failed, or at all. */
    private static String slug(ContainerResponseContext answer) {
        String problem = String.valueOf(answer.getEntity());
        return Stream.of(CSRF, SIGN_IN)
                .filter(slug -> problem.contains(":problem:" + slug + "\""))
                .findFirst()
                .orElse(FORBIDDEN);
    }

    private static boolean isRead(HttpServerRequest asked) {
        return asked.method().equals(HttpMethod.GET) || asked.method().equals(HttpMethod.HEAD);
    }

    /** A script that asks for a page gets an answer, and is led nowhere. */
    private static boolean isNavigation(HttpServerRequest asked) {
        String mode = asked.getHeader("Sec-Fetch-Mode");
        return mode == null || mode.equals("navigate");
    }

    /** Ends a request for which there was no route yet. */
    void answer(RoutingContext context, int status) {
        PageGate.protect(context.response());
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, PageGate.HTML)
                .end(html(context.request(), status, ""));
    }

    @Override
    public boolean mayTake(@Nullable String accept, @Nullable String fetchMode) {
        return (accept != null && accept.contains("html")) || "navigate".equals(fetchMode);
    }

    @Override
    public @Nullable String page(HttpServerRequest request, ErrorCode code) {
        if (!PageGate.wantsHtml(request)) {
            return null;
        }
        PageGate.protect(request.response());
        return html(request, code.status(), code.slug());
    }

    private String html(HttpServerRequest asked, int status, String slug) {
        boolean read = isRead(asked);
        // not all at the same moment
        Integer again = read && status >= 500 ? ThreadLocalRandom.current().nextInt(3, 8) : null;
        var kind = new Kind(
                Visits.language(asked),
                status,
                slug,
                read,
                again,
                Forwarded.current().prefix());
        // a proxy may hand on any prefix
        return kind.at().isEmpty() ? made.computeIfAbsent(kind, this::made) : made(kind);
    }

    private String made(Kind kind) {
        var visit = new Visit(0, kind.language(), "/", null, false, kind.at());
        Said said = said(kind, visit.words());
        return visit.render(Templates.error(new View(
                kind.language(),
                kind.status(),
                said.heading(),
                said.text(),
                kind.again(),
                assets.style(),
                assets.script(),
                assets.icon(),
                kind.status() == 401
                                || kind.slug().equals(FORBIDDEN)
                                || kind.slug().equals(SIGN_IN)
                        ? Sessions.SIGN_IN
                        : null)));
    }

    private record Said(String heading, String text) {}

    private static Said said(Kind kind, Messages words) {
        boolean starting = kind.slug().equals(ErrorCode.STARTING.slug());
        if (starting || kind.slug().equals(ErrorCode.OVERLOADED.slug())) {
            String text = starting ? words.openingText() : words.busyText();
            return new Said(
                    starting ? words.openingHeading() : words.busyHeading(), kind.read() ? text : words.busyFormText());
        }
        return switch (kind.status()) {
            case 404 -> new Said(words.notFoundHeading(), words.notFoundText());
            case 401 -> new Said(words.signedOutHeading(), words.signedOutText());
            case 403 ->
                switch (kind.slug()) {
                    case SIGN_IN -> new Said(words.signInFailedHeading(), words.signInFailedText());
                    case CSRF -> new Said(words.expiredHeading(), words.expiredText());
                    case FORBIDDEN -> new Said(words.forbiddenHeading(), words.forbiddenText());
                    default -> new Said(words.foreignHeading(), words.foreignText());
                };
            case 421 -> new Said(words.foreignHeading(), words.foreignText());
            default ->
                kind.status() >= 500 || kind.status() == 429
                        ? new Said(words.failedHeading(), words.failedText())
                        : new Said(words.badHeading(), words.badText());
        };
    }
}
