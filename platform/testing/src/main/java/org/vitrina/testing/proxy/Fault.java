package org.vitrina.testing.proxy;

import java.time.Duration;

/**
 * What a {@link FaultProxy} does to the server behind it. Faults that change an answer act on the next answer of every
 * connection, old or new.
 */
public sealed interface Fault {
    /** Everything passes. */
    Fault NONE = new None();
    /** The listening socket is closed and every connection reset; the port stays reserved for the time after. */
    Fault REFUSED = new Refused();
    /** Connections are accepted, nothing is forwarded; what was held goes on after the fault, as after a SIGSTOP. */
    Fault HANGS = new Hangs();
    /** HTTP: the head of the answer passes, the body waits for the end of the fault. */
    Fault HANGS_AFTER_HEADERS = new HangsAfterHeaders();
    /** Bytes that belong to no protocol instead of the answer. */
    Fault GARBAGE = new Garbage();
    /** The head and the first half of the answer, then an orderly close. */
    Fault TRUNCATED = new Truncated();
    /** The head and the first half of the answer, then a TCP reset. */
    Fault RESET = new Reset();
    /** HTTP: every JSON value becomes one of another type; arrays become objects and the other way round. */
    Fault WRONG_TYPES = new WrongTypes(false);
    /** HTTP: the shape of the JSON stays; only numbers, strings, booleans and nulls become values of another type. */
    Fault WRONG_FIELD_TYPES = new WrongTypes(true);

    /** Every answer comes this much later. */
    static Fault late(Duration delay) {
        return new Late(delay);
    }

    /** HTTP: this status at once, without asking the server. */
    static Fault status(int status) {
        return new Status(status, 0);
    }

    /** HTTP: 503 with {@code Retry-After} in seconds, without asking the server. */
    static Fault unavailable(int retryAfterSeconds) {
        return new Status(503, retryAfterSeconds);
    }

    /** HTTP: the true answer, padded with blanks inside its JSON to at least this many bytes. */
    static Fault bigBody(int bytes) {
        return new BigBody(bytes);
    }

    /** HTTP: this share of the requests, drawn from a generator with this seed, gets a 500. */
    static Fault errors(double share, long seed) {
        return new Errors(share, seed);
    }

    /** Refused for one period, healthy for the next, and so on. */
    static Fault flapping(Duration period) {
        return new Flapping(period);
    }

    /**
     * PostgreSQL: each new session is refused with a FATAL error response of this SQLSTATE, such as 53300 (too many
     * connections); sessions that exist when the fault begins are reset.
     */
    static Fault postgresRefusal(String sqlState, String message) {
        return new PostgresRefusal(sqlState, message);
    }

    /** Redis: what a server says while it loads its data; only the commands that it allows meanwhile get through. */
    static Fault redisLoading() {
        return new RedisError("LOADING Redis is loading the dataset in memory", false);
    }

    /** Redis: what a server at its memory limit says to every write; reads get through. */
    static Fault redisOutOfMemory() {
        return new RedisError("OOM command not allowed when used memory > 'maxmemory'.", true);
    }

    /** See {@link #NONE}. */
    record None() implements Fault {}

    /** See {@link #REFUSED}. */
    record Refused() implements Fault {}

    /** See {@link #HANGS}. */
    record Hangs() implements Fault {}

    /** See {@link #HANGS_AFTER_HEADERS}. */
    record HangsAfterHeaders() implements Fault {}

    /** See {@link #late}. */
    record Late(Duration delay) implements Fault {}

    /** See {@link #status} and {@link #unavailable}; no {@code Retry-After} when that is 0. */
    record Status(int status, int retryAfterSeconds) implements Fault {}

    /** See {@link #GARBAGE}. */
    record Garbage() implements Fault {}

    /** See {@link #TRUNCATED}. */
    record Truncated() implements Fault {}

    /** See {@link #WRONG_TYPES} and {@link #WRONG_FIELD_TYPES}. */
    record WrongTypes(boolean keepShape) implements Fault {}

    /** See {@link #bigBody}. */
    record BigBody(int bytes) implements Fault {}

    /** See {@link #RESET}. */
    record Reset() implements Fault {}

    /** See {@link #errors}. */
    record Errors(double share, long seed) implements Fault {}

    /** See {@link #flapping}. */
    record Flapping(Duration period) implements Fault {}

    /** See {@link #postgresRefusal}. */
    record PostgresRefusal(String sqlState, String message) implements Fault {}

    /** See {@link #redisLoading} and {@link #redisOutOfMemory}. */
    record RedisError(String message, boolean writesOnly) implements Fault {}
}
