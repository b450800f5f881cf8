package org.vitrina.launcher;

/** Told what happens to each part, a short line at a time; called from several threads. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress SILENT = (part, text) -> {};

    /** @param part the part's name, as in {@code ./vitrina status} */
    void line(String part, String text);
}
