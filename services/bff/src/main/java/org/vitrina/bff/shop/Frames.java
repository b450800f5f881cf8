package org.vitrina.bff.shop;

import jakarta.inject.Singleton;
import java.util.List;
import org.vitrina.bff.BffConfig;

/** Writes the frames of pages. */
@Singleton
class Frames {
    private final Assets assets;
    private final DeclaredFacts facts;
    private final boolean keeper;

    Frames(Assets assets, DeclaredFacts facts, BffConfig config) {
        this.assets = assets;
        this.keeper = config.keeper();
        this.facts = facts;
    }

    /**
     * @param section the entry of the navigation, such as {@code home}; empty for none
     * @param places how many products of a list there are places for
     */
    String render(Visit visit, String title, String heading, String section, int places) {
        return render(visit, title, heading, section, "list", places);
    }

    /** @param layout which places there are: {@code plain} or {@code product} */
    String render(Visit visit, String title, String heading, String section, String layout) {
        return render(visit, title, heading, section, layout, 0);
    }

    private String render(Visit visit, String title, String heading, String section, String layout, int places) {
        return visit.render(Templates.frame(new Frame(
                visit.language(),
                visit.user(),
                Notices.without(visit.path()),
                title,
                heading,
                section,
                layout,
                facts.places(places, visit),
                places > 0 ? facts.ofUser(visit) : List.of(),
                Notices.of(visit),
                assets.style(),
                assets.script(),
                assets.icon(),
                keeper && visit.access().isAdmin())));
    }
}
