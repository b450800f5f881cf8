package org.vitrina.testing.proxy;

/** One client's connection through the proxy. */
interface Session {
    /** Begins to serve it, on threads of its own. */
    void start();

    /** Cuts both sides with a TCP reset. */
    void reset();

    /** Whether the client got bytes that no server could continue. */
    boolean poisoned();
}
