package org.vitrina.model;

/** A file is no model that this program can use; the text says why. */
final class ArtefactException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ArtefactException(String what) {
        super(what);
    }

    ArtefactException(String what, Throwable cause) {
        super(what, cause);
    }

    static void refuseUnless(boolean right, String otherwise) {
        if (!right) {
            throw new ArtefactException(otherwise);
        }
    }
}
