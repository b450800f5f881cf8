package org.vitrina.messaging;

import jakarta.inject.Singleton;

/** Tells the relay that there is, or will be in a moment, something to send. */
@Singleton
class RelaySignal {
    private volatile Runnable listener = () -> {};

    void listener(Runnable woken) {
        this.listener = woken;
    }

    /** Something was added in a transaction that is about to commit. */
    void soon() {
        listener.run();
    }
}
