package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What there is of products, and reservations of it: docs/contracts.md, "inventory". */
final class InventoryContract implements ServiceContract, Sample {
    private static final String SOLD = "`inventory` in every answer is what can still be sold: on hand − reserved.";
    private static final String LEVEL = "`GET /products/{id}/inventory` → 200 `{\"inventory\":57}`; unknown → 404.";
    private static final String BATCH =
            "`GET /inventory?product_ids=1,2,3` → 200 `[{\"product_id\":1,\"inventory\":57},{\"product_id\":2,\"inventory\":null,\"reason\":\"unknown\"}]`, in the order asked; `reason` is `unknown` or `timeout`.";
    private static final String MOST = "More than 500 ids: 400.";
    private static final String SET =
            "`PUT /products/{id}/inventory` `{\"inventory\":100}` sets **on hand** → 200; below what is reserved → 409 `below-reserved`.";
    private static final String IF_MATCH =
            "`If-Match` is honoured: another tag than the present one → 412, nothing changed.";
    private static final String STOCK =
            "`GET /products/{id}/stock` → 200 `{\"on_hand\":60,\"reserved\":3}` + `ETag`, the tag for that `If-Match`; unknown → 404.";
    private static final int LARGEST_BATCH = 500;

    @Override
    public String name() {
        return "inventory";
    }

    @Override
    public String firstQuestion() {
        return level(1);
    }

    @Override
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>(List.of(
                new Rule(
                        "tells-level",
                        "Tell what can be sold of a product, as an integer.",
                        LEVEL,
                        service ->
                                service.get(level(product(service, 7))).is(200).has("inventory", 7)),
                new Rule(
                        "unknown-level",
                        "Answer 404 for a product of which no level was ever set.",
                        LEVEL,
                        service -> service.get(level(unknown(service))).is(404)),
                new Rule(
                        "batch",
                        "Answer a batch in the order that was asked, unknown products with null and the reason unknown.",
                        BATCH,
                        InventoryContract::answersBatch),
                new Rule("batch-size", "Take up to 500 ids in a batch, and answer more with 400.", MOST, service -> {
                    service.get(batch(ids(LARGEST_BATCH))).is(200);
                    service.get(batch(ids(LARGEST_BATCH + 1))).is(400);
                }),
                new Rule(
                        "sets-on-hand",
                        "Set what is on hand, and answer what of it can be sold: reserved pieces cannot.",
                        SOLD,
                        InventoryContract::setsOnHand),
                new Rule(
                        "below-reserved",
                        "Refuse to set less than is reserved with 409 below-reserved, and change nothing.",
                        SET,
                        InventoryContract::keepsWhatIsReserved),
                new Rule(
                        "if-match",
                        "Set only where If-Match has the present tag of the stock; else answer 412 and change nothing.",
                        IF_MATCH,
                        InventoryContract::honoursIfMatch),
                new Rule(
                        "stock",
                        "Tell what is on hand and what of it is reserved, with an ETag; 404 where no level was ever set.",
                        STOCK,
                        InventoryContract::tellsStock)));
        rules.addAll(Reservations.rules());
        rules.addAll(Conventions.rules(this));
        rules.addAll(Bodies.rules(this));
        return List.copyOf(rules);
    }

    @Override
    public HttpCall read(TestedService service) throws BrokenRule {
        return HttpCall.get(level(product(service, 5)));
    }

    @Override
    public HttpCall write(TestedService service) throws BrokenRule {
        return set(unknown(service), 5);
    }

    @Override
    public List<HttpCall> withId(TestedService service, String id) {
        return List.of(
                HttpCall.get("/products/" + id + "/inventory"),
                HttpCall.get("/products/" + id + "/stock"),
                HttpCall.put("/products/" + id + "/inventory", "{\"inventory\":1}"));
    }

    @Override
    public List<HttpCall> largestId(TestedService service) {
        return List.of(HttpCall.get(level(Integer.MAX_VALUE)), HttpCall.get(batch(String.valueOf(Integer.MAX_VALUE))));
    }

    @Override
    public List<String> wrongBodies() {
        return List.of(
                "{\"inventory\":\"2\"}",
                "{\"inventory\":1.5}",
                "{\"inventory\":true}",
                "{\"inventory\":null}",
                "{\"inventory\":[2]}",
                "{}",
                "[]",
                "2",
                "null",
                "{\"inventory\":2",
                "nonsense",
                "");
    }

    @Override
    public String outOfBounds() {
        return "{\"inventory\":-1}";
    }

    @Override
    public String field() {
        return "inventory";
    }

    static String level(int product) {
        return "/products/" + product + "/inventory";
    }

    private static String stock(int product) {
        return "/products/" + product + "/stock";
    }

    private static HttpCall set(int product, int onHand) {
        return HttpCall.put(level(product), "{\"inventory\":" + onHand + "}");
    }

    private static String batch(String ids) {
        return "/inventory?product_ids=" + ids;
    }

    private static String ids(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    /** A product without a level. A level cannot be removed: one that a rule sets is zero in the end. */
    private static int unknown(TestedService service) throws BrokenRule {
        return service.unusedId(InventoryContract::level, product -> set(product, 0));
    }

    /** A product of which there are so many. */
    static int product(TestedService service, int onHand) throws BrokenRule {
        int product = unknown(service);
        service.ask(set(product, onHand)).is(200);
        return product;
    }

    private static void answersBatch(TestedService service) throws BrokenRule {
        int few = product(service, 3);
        int many = product(service, 9);
        Exchange batch =
                service.get(batch(many + "," + Integer.MAX_VALUE + "," + few)).is(200);
        JsonNode lines = batch.json();
        boolean right = lines.size() == 3
                && isLine(lines.path(0), many, "9")
                && isLine(lines.path(1), Integer.MAX_VALUE, "null")
                && lines.path(1).path("reason").asText().equals("unknown")
                && isLine(lines.path(2), few, "3");
        if (!right) {
            throw batch.broken("not with 9, null (reason unknown) and 3, in this order");
        }
    }

    private static boolean isLine(JsonNode line, int product, String level) {
        return line.path("product_id").asInt() == product
                && line.has("inventory")
                && line.path("inventory").toString().equals(level);
    }

    private static void setsOnHand(TestedService service) throws BrokenRule {
        int product = product(service, 5);
        Reservations.made(service, product, 3);
        service.ask(set(product, 10)).is(200).has("inventory", 7);
        service.get(level(product)).is(200).has("inventory", 7);
    }

    private static void keepsWhatIsReserved(TestedService service) throws BrokenRule {
        int product = product(service, 5);
        Reservations.made(service, product, 3);
        service.ask(set(product, 2)).isProblem(409, "below-reserved");
        service.get(level(product)).has("inventory", 2);
    }

    private static void honoursIfMatch(TestedService service) throws BrokenRule {
        int product = product(service, 5);
        String tag = service.get(stock(product)).is(200).header("ETag");
        service.ask(set(product, 9).header("If-Match", "\"of-another-time\"")).is(412);
        service.get(level(product)).has("inventory", 5);
        service.ask(set(product, 9).header("If-Match", tag)).is(200);
        service.get(level(product)).has("inventory", 9);
    }

    private static void tellsStock(TestedService service) throws BrokenRule {
        int product = product(service, 5);
        Reservations.made(service, product, 3);
        Exchange told = service.get(stock(product)).is(200).has("on_hand", 5).has("reserved", 3);
        if (told.header("ETag").isEmpty()) {
            throw told.broken("without an ETag");
        }
        service.get(stock(unknown(service))).is(404);
    }
}
