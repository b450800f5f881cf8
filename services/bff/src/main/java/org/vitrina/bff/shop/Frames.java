package org.vitrina.bff.shop;

import jakarta.inject.Singleton;
import java.util.List;
import org.vitrina.bff.BffConfig;

/** Writes the frames of pages. */
@Singleton
class Frames {
    /** Where the template leaves room for the places of a list. */
    private static final String GRID = "<!--grid-->";

    private final Assets assets;
    private final DeclaredFacts facts;
    private final KeptMarkup kept;
    private final boolean keeper;

    Frames(Assets assets, DeclaredFacts facts, KeptMarkup kept, BffConfig config) {
        this.assets = assets;
        this.keeper = config.keeper();
        this.facts = facts;
        this.kept = kept;
    }

    /**
     * The frame of a list with its form that searches.
     *
     * @param section the entry of the navigation, such as {@code home}; empty for none
     * @param places how many products there are places for
     */
    List<Markup> list(Visit visit, String heading, String section, int places, Home.Search search) {
        var frame = frame(visit, heading, heading, section, "list");
        List<Markup> around = kept.pieces(new SameFrame(frame, search, visit), () -> {
            String markup = visit.render(Templates.frame(frame)) + visit.render(Templates.search(search));
            int at = markup.indexOf(GRID);
            return List.of(markup.substring(0, at), markup.substring(at + GRID.length()));
        });
        Markup grid = kept.of(
                new SameGrid(places, visit.language()),
                () -> visit.render(Templates.grid(facts.places(places, visit))));
        return List.of(around.get(0), grid, around.get(1));
    }

    /** All that the markup around the places is made of: the whole visit, since much in it is the visitor's own. */
    private record SameFrame(Frame frame, Home.Search search, Visit visit) {}

    /** All that the markup of places is made of. */
    private record SameGrid(int places, String language) {}

    /**
     * @param section the entry of the navigation, such as {@code home}; empty for none
     * @param layout which places there are: {@code plain} or {@code product}
     */
    String render(Visit visit, String title, String heading, String section, String layout) {
        return visit.render(Templates.frame(frame(visit, title, heading, section, layout)));
    }

    private Frame frame(Visit visit, String title, String heading, String section, String layout) {
        return new Frame(
                visit.language(),
                visit.user(),
                Notices.without(visit.path()),
                title,
                heading,
                section,
                layout,
                layout.equals("list") ? facts.ofUser(visit) : List.of(),
                Notices.of(visit),
                assets.style(),
                assets.script(),
                assets.icon(),
                keeper && visit.access().isAdmin());
    }
}
