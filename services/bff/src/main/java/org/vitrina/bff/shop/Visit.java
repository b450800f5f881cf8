package org.vitrina.bff.shop;

import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page, and how.
 *
 * @param language {@code en} or {@code ru}
 * @param path the page's own path with its query, to come back to
 * @param told a code of {@link Notices}: what a form has done before it led here
 * @param gzip whether the answer may be compressed
 * @param user {@link org.vitrina.bff.session.Callers#NOBODY} where nobody is signed in
 * @param at the path under which a proxy shows the shop, put before each of ours in a page; empty for none
 */
@RegisterForReflection // within an element of a list a template looks for names of the whole page first
public record Visit(
        int user, String language, String path, @Nullable String told, boolean gzip, String at, Access access) {
    private static final Map<String, Messages> WORDS = new ConcurrentHashMap<>();
    private static final Pattern NAMED = Pattern.compile("[?&]user_id=");

    /** Where authentication is off. */
    Visit(int user, String language, String path, @Nullable String told, boolean gzip, String at) {
        this(user, language, path, told, gzip, at, Access.OFF);
    }

    /** Kept, since a list asks for each of its lines, and the container looks for the bean each time. */
    Messages words() {
        return WORDS.computeIfAbsent(language, each -> MessageBundles.get(Messages.class, Localized.Literal.of(each)));
    }

    boolean isRussian() {
        return language.equals("ru");
    }

    /** What a path without a query needs to lead to the same customer; empty where the browser's cookie says it. */
    public String query() {
        return access.isSwitched() && NAMED.matcher(path).find() ? "?user_id=" + user : "";
    }

    /** The same page of ours for the same customer. */
    String to(String page) {
        String query = query();
        return query.isEmpty() || NAMED.matcher(page).find()
                ? page
                : page.indexOf('?') < 0 ? page + query : page + "&" + query.substring(1);
    }

    /** Where to sign in, and come back here. */
    public String signIn() {
        return SessionResource.path(path);
    }

    Visit telling(String code) {
        return new Visit(user, language, path, code, gzip, at, access);
    }

    /** What a template makes of its data, in the visitor's language; it may ask for the {@code visit} too. */
    String render(TemplateInstance template) {
        return template.data("visit", this).setLocale(language).render();
    }

    /** The same as a part of a page that is sent piece by piece. */
    Markup part(TemplateInstance template) {
        return Markup.of(render(template));
    }
}
