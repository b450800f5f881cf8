package org.vitrina.contracts;

import java.util.List;

/** Calls of one service on which the rules that all services share are tried. */
interface Sample {
    /** A read of something that is there: 200. */
    HttpCall read(TestedService service) throws BrokenRule;

    /** A write that is done whenever it is asked: 2xx. */
    HttpCall write(TestedService service) throws BrokenRule;

    /** Every call with this in place of each of its ids; others are right. */
    List<HttpCall> withId(TestedService service, String id) throws BrokenRule;

    /** Some with the largest id, which are answered 2xx, or 404 where that means "nothing". */
    List<HttpCall> largestId(TestedService service) throws BrokenRule;

    /** What {@link #write} is sent as. */
    default String mediaType() {
        return "application/json";
    }

    /** Bodies that {@link #write} cannot have, each JSON, or meant to be; none where it reads no body. */
    default List<String> wrongBodies() {
        return List.of();
    }

    /** A body of the right types with a value that is out of bounds. */
    default String outOfBounds() {
        return "";
    }

    /** The field of {@link #outOfBounds} that is. */
    default String field() {
        return "";
    }
}
