package org.vitrina.http;

import io.netty.handler.codec.http.HttpRequest;

/** What {@link RequestAssembly} keeps to, the same on all connections. */
interface RequestRules {
    /** The largest body that is kept. */
    long maxBody();

    /** What a request may take to come. */
    long longestNanos();

    /** From a request's coming to its deadline. */
    long deadlineNanos(HttpRequest request);
}
