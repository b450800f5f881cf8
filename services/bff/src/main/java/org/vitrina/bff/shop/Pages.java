package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.cart.CartClient;
import org.vitrina.bff.favorites.FavoritesClient;
import org.vitrina.bff.session.Callers;
import org.vitrina.client.CallScope;

/** What the pages other than {@code /} share: frame, counts in the navigation, their one part, redirects after forms. */
@Singleton
class Pages {
    private final Frames frames;
    private final CartClient cart;
    private final FavoritesClient favorites;

    Pages(Frames frames, CartClient cart, FavoritesClient favorites) {
        this.frames = frames;
        this.cart = cart;
        this.favorites = favorites;
    }

    /**
     * A page whose content comes when it is there.
     *
     * @param content its markup; where it fails the page says so
     */
    RestMulti<byte[]> page(Visit visit, CallScope scope, String heading, String section, Uni<String> content) {
        Uni<String> told = content.onFailure().recoverWithItem(failure -> missing(visit));
        return PageStream.send(
                visit,
                new PageStream.Page(
                        200,
                        List.of(Markup.of(frames.render(visit, heading, heading, section, "plain"))),
                        withCounts(List.of(told.toMulti()), visit, scope)));
    }

    /** A page whose status is known when its first part is. */
    RestMulti<byte[]> page(Visit visit, CallScope scope, Uni<Found> found) {
        return PageStream.send(
                visit,
                found.map(page -> new PageStream.Page(
                        200,
                        List.of(Markup.of(
                                frames.render(visit, page.title(), page.title(), page.section(), page.layout()))),
                        withCounts(page.parts(), visit, scope))));
    }

    /** What was found for a page. */
    record Found(String title, String section, String layout, List<Multi<String>> parts) {}

    /** A page's own parts, and the numbers beside entries of the navigation. */
    private List<Multi<Markup>> withCounts(List<Multi<String>> parts, Visit visit, CallScope scope) {
        List<Multi<Markup>> all = new ArrayList<>();
        parts.forEach(each -> all.add(each.map(Markup::of)));
        if (visit.user() == Callers.NOBODY) {
            all.add(Multi.createFrom().item(Markup.of(Home.NO_COUNTS)));
            return all;
        }
        all.add(count("cart", cart.lines(scope, visit.user()), visit));
        all.add(count("favorites", favorites.lines(scope, visit.user()), visit));
        return all;
    }

    private static Multi<Markup> count(String place, Uni<Integer> lines, Visit visit) {
        return lines.map(number -> visit.part(Templates.count(place, number)))
                .onFailure()
                .recoverWithItem(failure -> visit.part(Templates.count(place, null)))
                .toMulti();
    }

    /** In the place of what cannot be had now. */
    static String missing(Visit visit) {
        return visit.render(Templates.missing(visit.path()));
    }

    /** A form whose sending may or may not have done something, to be sent again as it is. */
    RestResponse<String> repeat(Visit visit, Outcome outcome, String action, Form form) {
        boolean unknown = outcome.kind() == Outcome.Kind.UNKNOWN;
        Messages words = visit.words();
        String heading = unknown ? words.repeatHeading() : words.notDoneHeading();
        String text = unknown ? words.repeatText() : words.notDoneText();
        String content = visit.render(Templates.repeat(visit.to(action), text, form.fields()));
        return whole(visit, unknown ? 504 : 503, heading, "", content);
    }

    /** A page that is there as a whole, as the answer to a form. */
    RestResponse<String> whole(Visit visit, int status, String heading, String section, String content) {
        String parts = visit.user() == Callers.NOBODY ? Home.NO_COUNTS + content : content;
        return RestResponse.ResponseBuilder.<String>create(status)
                .entity(PageStream.whole(frames.render(visit, heading, heading, section, "plain"), parts))
                .build();
    }

    /** To another page of ours. */
    static RestResponse<String> seeOther(Visit visit, String path) {
        return seeOther(visit.to(path));
    }

    /** After a form: the browser asks for the page anew, so that a reload sends nothing again. */
    static RestResponse<String> seeOther(Visit visit, String path, String told) {
        return seeOther(Notices.back(visit.to(path), told));
    }

    /**
     * The same after a form with a key.
     *
     * @param key of the form, which has its answer now
     */
    static RestResponse<String> seeOther(Visit visit, String path, String told, String key) {
        return seeOther(Notices.back(visit.to(path), told) + "&form=" + URLEncoder.encode(key, StandardCharsets.UTF_8));
    }

    private static RestResponse<String> seeOther(String path) {
        return RestResponse.ResponseBuilder.<String>create(RestResponse.StatusCode.SEE_OTHER)
                .header(HttpHeaders.LOCATION, path)
                .build();
    }
}
