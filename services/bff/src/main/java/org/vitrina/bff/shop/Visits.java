package org.vitrina.bff.shop;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.CurrentUser;

/** Reads off a request who looks at a page: the user while authentication is off, and the language. */
@ApplicationScoped
class Visits {
    static final String USER = "vitrina-user";
    static final String LANGUAGE = "vitrina-language";

    private final CurrentVertxRequest request;
    private final CurrentUser users;

    Visits(CurrentVertxRequest request, CurrentUser users) {
        this.request = request;
        this.users = users;
    }

    /** The visit of the request being served. */
    Visit current() {
        return of(Objects.requireNonNull(request.getCurrent()));
    }

    private Visit of(RoutingContext context) {
        HttpServerRequest asked = context.request();
        String encodings = asked.getHeader("Accept-Encoding");
        return new Visit(
                user(asked),
                language(asked),
                asked.uri(),
                asked.getParam("told"),
                encodings != null && encodings.contains("gzip"));
    }

    private int user(HttpServerRequest asked) {
        String named = asked.getParam("user_id");
        Cookie chosen = asked.getCookie(USER);
        if (named != null || chosen == null || !chosen.getValue().matches("[1-9][0-9]{0,8}")) {
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
        for (String each : accepted == null ? new String[0] : accepted.split(",", 20)) {
            String[] parts = each.strip().toLowerCase(Locale.ROOT).split(";\\s*q=", 2);
            String language = parts[0].split("-", 2)[0];
            double weight = parts.length == 1 ? 1 : weight(parts[1]);
            if (isKnown(language) && weight > most) {
                best = language;
                most = weight;
            }
        }
        return best;
    }

    private static double weight(String text) {
        return text.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(text) : 0;
    }
}
