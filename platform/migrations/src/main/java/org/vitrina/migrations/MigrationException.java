package org.vitrina.migrations;

import org.jspecify.annotations.Nullable;

/** Why a run ended without doing what was asked; its message says what happened, why, and what to do. */
public final class MigrationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The kinds of failure, each with the exit code that the program ends with. */
    public enum Kind {
        /** The command line or the change log directory cannot be understood. */
        USAGE(2),
        /** The database was not reachable, or would not let us in, within the time to wait. */
        NO_DATABASE(3),
        /** Change log and database contradict each other, so nothing was done. */
        REFUSED(4),
        /** A change set failed and was undone; those before it stay applied. */
        CHANGE_SET_FAILED(5),
        /** Another run kept the lock for longer than the time to wait. */
        BUSY(6);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    MigrationException(Kind kind, String sentence) {
        this(kind, sentence, null);
    }

    MigrationException(Kind kind, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    static MigrationException refused(String sentence) {
        return new MigrationException(Kind.REFUSED, sentence);
    }

    static MigrationException usage(String sentence) {
        return new MigrationException(Kind.USAGE, sentence);
    }

    public Kind kind() {
        return kind;
    }

    /** The message, never null. */
    public String sentence() {
        String message = getMessage();
        return message == null ? kind.name() : message;
    }
}
