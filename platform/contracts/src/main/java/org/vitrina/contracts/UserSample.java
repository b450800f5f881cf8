package org.vitrina.contracts;

/** As {@link Sample}, of a service that keeps something of users. */
interface UserSample extends Sample {
    /** A new user of whom something is kept. */
    int userWithData(TestedService service) throws BrokenRule;

    /** Nothing is kept of this user any more. */
    void hasNothing(TestedService service, int user) throws BrokenRule;
}
