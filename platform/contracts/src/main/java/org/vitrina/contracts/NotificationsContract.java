package org.vitrina.contracts;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What users were told: docs/contracts.md, "notifications", as far as it is asked over HTTP. That an event becomes one message shows
 * at a broker and a provider, which the kit has none of.
 */
final class NotificationsContract implements ServiceContract, UserSample {
    private static final String READ = "`GET /users/{id}/notifications`.";
    private static final String LIMIT = "A limit above the largest is 400 everywhere.";
    private static final String TAKEN =
            "`GET /ops/taken?event_ids=` of notifications → 200 `{\"taken\":[\"<event id>\"]}`, those of 1 to 200 events that have come.";
    private static final int MOST_EVENTS = 200;

    @Override
    public String name() {
        return "notifications";
    }

    @Override
    public String firstQuestion() {
        return notifications(1);
    }

    @Override
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>(List.of(
                new Rule(
                        "none-yet",
                        "List nothing for a user who was told nothing: 200 with an empty list.",
                        READ,
                        NotificationsContract::listsNothing),
                new Rule(
                        "limit",
                        "Take ?limit=1, and refuse what is no positive integer or millions with 400.",
                        LIMIT,
                        NotificationsContract::judgesLimits),
                new Rule(
                        "taken",
                        "Name those of the events asked about that have come; of events that nobody sent none.",
                        TAKEN,
                        NotificationsContract::hasNotTaken),
                new Rule(
                        "taken-bounds",
                        "Take 1 to 200 event ids, commas between; refuse none, more, and what is no UUID with 400.",
                        TAKEN,
                        NotificationsContract::judgesEventIds)));
        rules.addAll(Conventions.rules(this));
        rules.addAll(Conventions.ofUsers(this));
        return List.copyOf(rules);
    }

    @Override
    public HttpCall read(TestedService service) throws BrokenRule {
        return HttpCall.get(notifications(user(service)));
    }

    /** The only one that there is over HTTP. */
    @Override
    public HttpCall write(TestedService service) throws BrokenRule {
        return HttpCall.delete("/ops/users/" + user(service));
    }

    @Override
    public List<HttpCall> withId(TestedService service, String id) {
        return List.of(HttpCall.get("/users/" + id + "/notifications"), HttpCall.delete("/ops/users/" + id));
    }

    @Override
    public List<HttpCall> largestId(TestedService service) {
        return List.of(HttpCall.get(notifications(Integer.MAX_VALUE)));
    }

    /** Over HTTP nobody can be told anything. */
    @Override
    public int userWithData(TestedService service) throws BrokenRule {
        return user(service);
    }

    @Override
    public void hasNothing(TestedService service, int user) throws BrokenRule {
        isEmpty(service.get(notifications(user)));
    }

    private static String notifications(int user) {
        return "/users/" + user + "/notifications";
    }

    private static int user(TestedService service) throws BrokenRule {
        return service.unusedIdWhere(
                NotificationsContract::notifications,
                read -> read.status() != 200 || read.json().isEmpty());
    }

    private static void isEmpty(Exchange read) throws BrokenRule {
        read.is(200);
        if (!read.json().isArray() || !read.json().isEmpty()) {
            throw read.broken("not with an empty list");
        }
    }

    private static void listsNothing(TestedService service) throws BrokenRule {
        isEmpty(service.get(notifications(user(service))));
    }

    private static void judgesLimits(TestedService service) throws BrokenRule {
        String list = notifications(user(service)) + "?limit=";
        service.get(list + 1).is(200);
        for (String wrong : List.of("0", "-1", "many", "1000000")) {
            service.get(list + wrong).is(400);
        }
    }

    private static String taken(int events) {
        return "/ops/taken?event_ids="
                + Stream.generate(TestedService::orderId)
                        .limit(events)
                        .map(Object::toString)
                        .collect(Collectors.joining(","));
    }

    private static void hasNotTaken(TestedService service) throws BrokenRule {
        for (int events : List.of(1, MOST_EVENTS)) {
            Exchange asked = service.get(taken(events)).is(200);
            if (!asked.member("taken").isArray() || !asked.member("taken").isEmpty()) {
                throw asked.broken("not with an empty list 'taken'");
            }
        }
    }

    private static void judgesEventIds(TestedService service) throws BrokenRule {
        for (String wrong : List.of("/ops/taken", taken(0), taken(MOST_EVENTS + 1), taken(1) + ",seven")) {
            service.get(wrong).is(400);
        }
    }
}
