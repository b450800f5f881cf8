package org.vitrina.orders;

/**
 * What a request is answered.
 *
 * @param status the HTTP status
 * @param etag of the user's orders, after it
 * @param replayed whether the order was placed by an earlier request with the same key
 */
record OrderAnswer(int status, OrderView order, String etag, boolean replayed) {}
