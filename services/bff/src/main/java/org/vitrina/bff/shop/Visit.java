package org.vitrina.bff.shop;

import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page, and how.
 *
 * @param language {@code en} or {@code ru}
 * @param path the page's own path with its query, to come back to
 * @param told a code of {@link Notices}: what a form has done before it led here
 * @param gzip whether the answer may be compressed
 */
record Visit(int user, String language, String path, @Nullable String told, boolean gzip) {
    Messages words() {
        return MessageBundles.get(Messages.class, Localized.Literal.of(language));
    }

    boolean isRussian() {
        return language.equals("ru");
    }

    /** What a template makes of its data, in the visitor's language. */
    String render(TemplateInstance template) {
        return template.setLocale(language).render();
    }
}
