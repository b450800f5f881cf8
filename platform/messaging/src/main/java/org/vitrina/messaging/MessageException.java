package org.vitrina.messaging;

/** There is something wrong with a message itself; the text says what, for whoever reads the dead letters. */
public final class MessageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MessageException(String what) {
        // foreseen: the text says all
        super(what, null, false, false);
    }
}
