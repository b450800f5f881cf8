package org.vitrina.bff.shop;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** What a browser is shown in place of a problem; programs get the problem itself. */
@Singleton
class ErrorPage {
    private static final MediaType HTML = MediaType.valueOf(PageGate.HTML);

    private final Assets assets;

    ErrorPage(Assets assets) {
        this.assets = assets;
    }

    /** What the page says. */
    public record View(String language, int status, String heading, String text, String style, String icon) {}

    @ServerResponseFilter
    void styled(ContainerResponseContext answer, HttpServerRequest asked) {
        if (answer.getStatus() < 400 || !PageGate.wantsHtml(asked)) {
            return;
        }
        PageGate.protect(asked.response());
        answer.setEntity(html(asked, answer.getStatus()), new Annotation[0], HTML);
    }

    /** Ends a request for which there was no route yet. */
    void answer(RoutingContext context, int status) {
        PageGate.protect(context.response());
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, PageGate.HTML)
                .end(html(context.request(), status));
    }

    private String html(HttpServerRequest asked, int status) {
        var visit = new Visit(0, Visits.language(asked), "/", null, false);
        Messages words = visit.words();
        boolean ours = status >= 500 || status == 429;
        String heading = status == 404
                ? words.notFoundHeading()
                : status == 403 || status == 421
                        ? words.foreignHeading()
                        : ours ? words.failedHeading() : words.badHeading();
        String text = status == 404
                ? words.notFoundText()
                : status == 403 || status == 421 ? words.foreignText() : ours ? words.failedText() : words.badText();
        return visit.render(
                Templates.error(new View(visit.language(), status, heading, text, assets.style(), assets.icon())));
    }
}
