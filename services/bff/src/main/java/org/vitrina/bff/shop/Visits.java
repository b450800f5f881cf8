package org.vitrina.bff.shop;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.session.BrowserSession;
import org.vitrina.bff.session.Callers;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.http.Forwarded;
import org.vitrina.identity.AuthMode;

/** Reads off a request who looks at a page: the user while authentication is off, and the language. */
@ApplicationScoped
class Visits {
    static final String USER = CurrentUser.COOKIE;
    static final String LANGUAGE = "vitrina-language";

    private final CurrentVertxRequest request;
    private final CurrentUser users;
    private final Callers callers;

    Visits(CurrentVertxRequest request, CurrentUser users, Callers callers) {
        this.request = request;
        this.users = users;
        this.callers = callers;
    }

    /** What a form does. */
    @FunctionalInterface
    interface Sent {
        Uni<RestResponse<String>> by(Visit visit, Form form);
    }

    /** The visit of the request being served. */
    Visit current() {
        return of(Objects.requireNonNull(request.getCurrent()));
    }

    /**
     * Does what a form asks for, for the customer whose page it was on. Where the browser has another one by now (a second
     * tab has switched) nothing is done, and the page says so.
     *
     * @param page where to say so for a form without a {@code back} of its own
     */
    Uni<RestResponse<String>> form(String body, String page, Sent sent) {
        Form form = read(body);
        Visit visit = current();
        String shown = form.text("user");
        if (shown.isEmpty() || shown.equals(Integer.toString(visit.user()))) {
            return sent.by(visit, form);
        }
        String back = form.text("back");
        return Uni.createFrom().item(Pages.seeOther(visit, back.isEmpty() ? page : back, "other-customer"));
    }

    /** A form of ours, which carries the session's token where there is a session; 403 without it. */
    Form read(String body) {
        Form form = Form.read(body);
        callers.prove(form.text("csrf"));
        callers.requireProof();
        return form.without("csrf");
    }

    private Access access() {
        BrowserSession session = callers.session();
        return callers.mode() == AuthMode.OFF
                ? Access.OFF
                : new Access(
                        callers.mode(),
                        callers.caller().isPresent(),
                        session == null ? "" : session.csrf(),
                        callers.roles());
    }

    private Visit of(RoutingContext context) {
        HttpServerRequest asked = context.request();
        return new Visit(
                user(asked),
                language(asked),
                asked.uri(),
                asked.getParam("told"),
                takesGzip(asked.getHeader("Accept-Encoding")),
                Forwarded.current().prefix(),
                access());
    }

    private int user(HttpServerRequest asked) {
        String named = asked.getParam("user_id");
        Cookie chosen = asked.getCookie(USER);
        if (callers.mode() != AuthMode.OFF
                || named != null
                || chosen == null
                || !chosen.getValue().matches("[1-9][0-9]{0,8}")) {
            return users.user(named);
        }
        return Integer.parseInt(chosen.getValue());
    }

    /** As chosen on a page, else as the browser asks. */
    static String language(HttpServerRequest asked) {
        Cookie chosen = asked.getCookie(LANGUAGE);
        if (chosen != null && isKnown(chosen.getValue())) {
            return chosen.getValue();
        }
        return language(asked.getHeader("Accept-Language"));
    }

    static boolean isKnown(String language) {
        return language.equals("en") || language.equals("ru");
    }

    /** The one of ours that {@code Accept-Language} prefers; English where it names none. */
    static String language(@Nullable String accepted) {
        String best = "en";
        double most = 0;
        for (Choice each : choices(accepted)) {
            String language = each.name().split("-", 2)[0];
            if (isKnown(language) && each.weight() > most) {
                best = language;
                most = each.weight();
            }
        }
        return best;
    }

    /** Whether {@code Accept-Encoding} names gzip, and not to refuse it. */
    static boolean takesGzip(@Nullable String accepted) {
        return choices(accepted).stream().anyMatch(each -> each.name().equals("gzip") && each.weight() > 0);
    }

    private record Choice(String name, double weight) {}

    /** The entries of a header such as {@code Accept-Language}, in lower case. */
    private static List<Choice> choices(@Nullable String header) {
        List<Choice> choices = new ArrayList<>();
        for (String each : header == null ? new String[0] : header.split(",", 20)) {
            String[] parts = each.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*q=", 2);
            choices.add(new Choice(parts[0], parts.length == 1 ? 1 : weight(parts[1])));
        }
        return choices;
    }

    private static double weight(String text) {
        return text.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(text) : 0;
    }
}
