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
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.http.Forwarded;
import org.vitrina.http.RefusalPages;

/** What a browser is shown in place of a problem, also where it is refused before any route; programs get the problem itself. */
@Singleton
class ErrorPage implements RefusalPages {
    private static final MediaType HTML = MediaType.valueOf(PageGate.HTML);

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
     */
    public record View(
            String language,
            int status,
            String heading,
            String text,
            @Nullable Integer again,
            String style,
            String script,
            String icon) {}

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
        answer.setEntity(html(asked, answer.getStatus(), ""), new Annotation[0], HTML);
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
        boolean read = asked.method().equals(HttpMethod.GET) || asked.method().equals(HttpMethod.HEAD);
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
                assets.icon())));
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
            case 403, 421 -> new Said(words.foreignHeading(), words.foreignText());
            default ->
                kind.status() >= 500 || kind.status() == 429
                        ? new Said(words.failedHeading(), words.failedText())
                        : new Said(words.badHeading(), words.badText());
        };
    }
}
