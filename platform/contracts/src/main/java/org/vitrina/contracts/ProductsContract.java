package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The catalogue: docs/contracts.md, "products". */
final class ProductsContract implements ServiceContract, Sample {
    private static final String LIST =
            "`GET /products` → 200 `[{\"product_id\":1,\"product_name\":\"…\",\"price\":\"2500.00\",\"category_id\":1}, …]` by id; `?limit` (≤ 500, default 100), `?after=<product_id>`, `?category_id=`, `?product_ids=1,2` (≤ 500).";
    private static final String SEARCH =
            "`GET /products?q=` lists those whose names have all of these words, or words that begin so, in any case and order; 100 characters at most, ten words count; with the other parameters.";
    private static final String CATEGORIES = "`GET /categories` → 200 `[{\"category_id\",\"name\"}]`, by id.";
    private static final String READ = "`GET /products/{id}` → 200 + `ETag`, 404; `If-None-Match` → 304.";
    private static final String CREATE = "`POST /products/` → 201 + `Location`.";
    private static final String PATCH =
            "`PATCH /products/{id}/` (`application/merge-patch+json`, `If-Match` honoured) → 200, 404, 412; `DELETE` → 204.";
    private static final String MONEY = "Money is a decimal **string** with two digits (`\"2500.00\"`).";
    private static final String MONEY_INPUT =
            "On input `\"2500\"` and `2500.00` are accepted too; more than two decimals, a sign or an exponent is 400.";
    private static final String PAGES =
            "`?limit` and a cursor, `Link: <…>; rel=\"next\"`; an order that writes do not disturb.";
    private static final String LARGEST = "A limit above the largest is 400 everywhere.";
    private static final String ONCE =
            "A query parameter is there once, by its decoded name, else 400; one whose name ends with `_ids` is a list, which may come in several pieces.";
    private static final String PRICE = "1234.50";
    private static final int MOST = 500;

    @Override
    public String name() {
        return "products";
    }

    @Override
    public String firstQuestion() {
        return "/products?limit=1";
    }

    @Override
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>(List.of(
                new Rule(
                        "lists-products",
                        "List products by id, each with product_id, product_name, price and category_id.",
                        LIST,
                        ProductsContract::listsProducts),
                new Rule(
                        "named-products",
                        "List those that product_ids names, up to 500, and leave out what is unknown.",
                        LIST,
                        ProductsContract::listsNamed),
                new Rule(
                        "of-category",
                        "List those of a category only, with category_id.",
                        LIST,
                        ProductsContract::listsCategory),
                new Rule(
                        "search",
                        "Find names by the beginnings of their words, in any case and order.",
                        SEARCH,
                        ProductsContract::searches),
                new Rule(
                        "next-page",
                        "Name the next page in Link, by a path of your own, while there are more.",
                        PAGES,
                        ProductsContract::linksNextPage),
                new Rule(
                        "largest-limit",
                        "Take limits up to 500, and answer larger ones with 400.",
                        LARGEST,
                        service -> {
                            service.get("/products?limit=" + MOST).is(200);
                            service.get("/products?limit=" + (MOST + 1)).is(400);
                        }),
                new Rule(
                        "query-once",
                        "Answer a query parameter that comes twice with 400.",
                        ONCE,
                        service -> service.get("/products?limit=1&limit=2").is(400)),
                new Rule(
                        "categories",
                        "List categories by id, with category_id and name.",
                        CATEGORIES,
                        ProductsContract::listsCategories),
                new Rule(
                        "reads-product",
                        "Answer a product with an ETag, and 404 for one that is unknown.",
                        READ,
                        ProductsContract::readsProduct),
                new Rule(
                        "not-modified",
                        "Answer 304 where If-None-Match has the present tag.",
                        READ,
                        ProductsContract::answersNotModified),
                new Rule(
                        "creates",
                        "Answer 201 with a path of your own as Location.",
                        CREATE,
                        ProductsContract::creates),
                new Rule(
                        "patches",
                        "Change what the patch has and nothing else; answer 404 for a product that is unknown.",
                        PATCH,
                        ProductsContract::patches),
                new Rule(
                        "patch-if-match",
                        "Change only where If-Match has the present tag; else answer 412 and change nothing.",
                        PATCH,
                        ProductsContract::honoursIfMatch),
                new Rule("deletes", "Remove a product with 204; it is 404 then.", PATCH, ProductsContract::deletes),
                new Rule("money", "Tell prices as strings with two decimals.", MONEY, service -> {
                    Exchange read = service.get(path(product(service, "\"7\"")));
                    if (!read.member("price").toString().equals("\"7.00\"")) {
                        throw read.broken("not with the price \"7.00\"");
                    }
                }),
                new Rule(
                        "money-input",
                        "Take prices as strings and numbers with at most two decimals, and answer others with 400.",
                        MONEY_INPUT,
                        ProductsContract::judgesMoney)));
        rules.addAll(Conventions.rules(this));
        rules.addAll(Bodies.rules(this));
        return List.copyOf(rules);
    }

    @Override
    public HttpCall read(TestedService service) throws BrokenRule {
        return HttpCall.get(path(product(service)));
    }

    @Override
    public HttpCall write(TestedService service) throws BrokenRule {
        return patch(path(product(service)), "{\"price\":\"" + PRICE + "\"}");
    }

    @Override
    public List<HttpCall> withId(TestedService service, String id) {
        String path = "/products/" + id;
        return List.of(HttpCall.get(path), patch(path, "{\"price\":\"1\"}"), HttpCall.delete(path));
    }

    @Override
    public List<HttpCall> largestId(TestedService service) {
        return List.of(HttpCall.get(path(Integer.MAX_VALUE)));
    }

    @Override
    public String mediaType() {
        return "application/merge-patch+json";
    }

    @Override
    public List<String> wrongBodies() {
        return List.of(
                "{\"price\":true}",
                "{\"price\":[]}",
                "{\"product_name\":null}",
                "{\"category_id\":\"one\"}",
                "[]",
                "2",
                "null",
                "{\"price\":2",
                "nonsense",
                "");
    }

    @Override
    public String outOfBounds() {
        return "{\"product_name\":\"" + "n".repeat(201) + "\"}";
    }

    @Override
    public String field() {
        return "product_name";
    }

    private static String path(int product) {
        return "/products/" + product;
    }

    private static HttpCall patch(String path, String body) {
        return HttpCall.of("PATCH", path)
                .header("Content-Type", "application/merge-patch+json")
                .json(body);
    }

    private static int category(TestedService service) throws BrokenRule {
        JsonNode first = service.get("/categories").is(200).json().path(0).path("category_id");
        return first.isInt() ? first.intValue() : 1;
    }

    private static HttpCall creation(TestedService service, String name, String price) throws BrokenRule {
        return HttpCall.of("POST", "/products/")
                .json("{\"product_name\":\"" + name + "\",\"price\":" + price + ",\"category_id\":" + category(service)
                        + "}");
    }

    private static int product(TestedService service, String name, String price) throws BrokenRule {
        int product = service.ask(creation(service, name, price))
                .isDone()
                .member("product_id")
                .asInt();
        service.afterwards(HttpCall.delete(path(product)));
        return product;
    }

    private static int product(TestedService service, String price) throws BrokenRule {
        return product(service, "Made and removed by the contract kit", price);
    }

    private static int product(TestedService service) throws BrokenRule {
        return product(service, "\"" + PRICE + "\"");
    }

    private static List<Integer> ids(Exchange list) throws BrokenRule {
        List<Integer> ids = new ArrayList<>();
        list.is(200).json().forEach(line -> ids.add(line.path("product_id").asInt()));
        return ids;
    }

    /** Exactly these of the kit's, in this order; others' are passed over. */
    private static void lists(TestedService service, String query, List<Integer> mine, List<Integer> expected)
            throws BrokenRule {
        Exchange list = service.get("/products?" + query);
        List<Integer> found = ids(list);
        found.retainAll(mine);
        if (!found.equals(expected)) {
            throw list.broken("not with " + expected + " of " + mine);
        }
    }

    private static void listsProducts(TestedService service) throws BrokenRule {
        List<Integer> mine = List.of(product(service), product(service));
        List<Integer> byId = mine.stream().sorted().toList();
        lists(service, "limit=500&after=" + (byId.getFirst() - 1), mine, byId);
        lists(service, "limit=500&after=" + byId.getFirst(), mine, byId.subList(1, 2));
        Exchange list = service.get("/products?product_ids=" + byId.getFirst());
        JsonNode line = list.json().path(0);
        if (!line.path("product_id").isInt()
                || !line.path("product_name").isTextual()
                || !line.path("price").isTextual()
                || !line.path("category_id").isInt()) {
            throw list.broken("without product_id, product_name, price and category_id of their types");
        }
    }

    private static void listsNamed(TestedService service) throws BrokenRule {
        List<Integer> mine = List.of(product(service), product(service), product(service));
        String named = mine.getFirst() + "," + mine.getLast() + "," + Integer.MAX_VALUE;
        lists(service, "product_ids=" + named, mine, List.of(mine.getFirst(), mine.getLast()));
        service.get("/products?product_ids=" + ids(MOST)).is(200);
        service.get("/products?product_ids=" + ids(MOST + 1)).is(400);
    }

    private static String ids(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private static void listsCategory(TestedService service) throws BrokenRule {
        List<Integer> mine = List.of(product(service));
        int category = category(service);
        String after = "limit=500&after=" + (mine.getFirst() - 1) + "&category_id=";
        lists(service, after + category, mine, mine);
        lists(service, after + (category + 1), mine, List.of());
    }

    private static void searches(TestedService service) throws BrokenRule {
        String word = "kit" + UUID.randomUUID().toString().substring(0, 8);
        List<Integer> mine =
                List.of(product(service, "Blue " + word + " Kettle", "1"), product(service, "Green " + word, "1"));
        lists(service, "q=" + word, mine, mine);
        lists(service, "q=KETT%20" + word, mine, mine.subList(0, 1));
        lists(service, "q=" + word + "%20pan", mine, List.of());
    }

    private static void linksNextPage(TestedService service) throws BrokenRule {
        List<Integer> mine = List.of(product(service), product(service));
        Exchange first =
                service.get("/products?limit=1&after=" + (mine.getFirst() - 1)).is(200);
        String link = first.header("Link");
        if (!link.matches("</[^>]*>; ?rel=\"?next\"?")) {
            throw first.broken("with Link '" + link + "', where there are more");
        }
        Exchange next = service.get(link.substring(1, link.indexOf('>')));
        if (ids(next).isEmpty() || ids(next).getFirst() <= ids(first).getLast()) {
            throw next.broken("not with what follows the first page");
        }
    }

    private static void listsCategories(TestedService service) throws BrokenRule {
        Exchange list = service.get("/categories").is(200);
        int last = 0;
        for (JsonNode category : list.json()) {
            if (category.path("category_id").asInt() <= last
                    || !category.path("name").isTextual()) {
                throw list.broken("not by category_id, each with a name");
            }
            last = category.path("category_id").asInt();
        }
    }

    private static void readsProduct(TestedService service) throws BrokenRule {
        Exchange read = service.get(path(product(service))).is(200);
        if (read.header("ETag").isEmpty()) {
            throw read.broken("without an ETag");
        }
        service.get(path(Integer.MAX_VALUE)).is(404);
    }

    private static void answersNotModified(TestedService service) throws BrokenRule {
        String path = path(product(service));
        String tag = service.get(path).header("ETag");
        service.ask(HttpCall.get(path).header("If-None-Match", tag)).is(304);
        service.ask(HttpCall.get(path).header("If-None-Match", "\"of-another-time\""))
                .is(200);
    }

    private static void creates(TestedService service) throws BrokenRule {
        Exchange created = service.ask(creation(service, "Made and removed by the contract kit", "\"5.00\""));
        int product = created.isDone().member("product_id").asInt();
        service.afterwards(HttpCall.delete(path(product)));
        if (!created.is(201).header("Location").equals(path(product))) {
            throw created.broken("with Location '" + created.header("Location") + "', not " + path(product));
        }
    }

    private static void patches(TestedService service) throws BrokenRule {
        String path = path(product(service));
        service.ask(patch(path, "{\"product_name\":\"Changed by the contract kit\"}"))
                .is(200);
        Exchange read = service.get(path);
        if (!read.member("product_name").asText().startsWith("Changed")
                || !read.member("price").asText().equals(PRICE)) {
            throw read.broken("not with the new name and the old price");
        }
        service.ask(patch(path(Integer.MAX_VALUE), "{\"price\":\"1\"}")).is(404);
    }

    private static void honoursIfMatch(TestedService service) throws BrokenRule {
        String path = path(product(service));
        String tag = service.get(path).header("ETag");
        HttpCall change = patch(path, "{\"price\":\"9.00\"}");
        service.ask(change.header("If-Match", "\"of-another-time\"")).is(412);
        service.ask(change.header("If-Match", tag)).is(200);
        service.ask(change.header("If-Match", tag).json("{\"price\":\"8.00\"}")).is(412);
        Exchange read = service.get(path);
        if (!read.member("price").asText().equals("9.00")) {
            throw read.broken("not with the price 9.00");
        }
    }

    private static void deletes(TestedService service) throws BrokenRule {
        String path = path(product(service));
        service.delete(path).is(204);
        service.get(path).is(404);
    }

    private static void judgesMoney(TestedService service) throws BrokenRule {
        String path = path(product(service));
        for (String price : List.of("\"2500\"", "2500.00", "\"0.50\"")) {
            service.ask(patch(path, "{\"price\":" + price + "}")).is(200);
        }
        for (String price : List.of("\"1.005\"", "1.005", "\"-1\"", "-1", "\"1e3\"", "\"+1\"")) {
            service.ask(patch(path, "{\"price\":" + price + "}")).is(400);
        }
    }
}
