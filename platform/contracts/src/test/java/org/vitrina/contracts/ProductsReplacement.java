package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A catalogue that keeps its contract, but for one rule. */
final class ProductsReplacement extends Replacement {
    private final SortedMap<Integer, Product> all = new ConcurrentSkipListMap<>();
    private final AtomicInteger last = new AtomicInteger(1000);

    private record Product(int id, String name, String price, int category, int version) {
        String json() {
            return "{\"product_id\":%d,\"product_name\":\"%s\",\"price\":\"%s\",\"category_id\":%d}"
                    .formatted(id, name, price, category);
        }
    }

    ProductsReplacement(String broken) {
        super(broken);
    }

    @Override
    String mediaType() {
        return "application/merge-patch+json";
    }

    @Override
    Reply answer(String method, List<String> path, HttpExchange exchange, byte[] body) throws Refusal {
        return switch (path.getFirst() + path.size() + method) {
            case "categories1GET" ->
                Reply.json(
                        breaks("categories")
                                ? "[{\"category_id\":1}]"
                                : "[{\"category_id\":1,\"name\":\"One\"},{\"category_id\":2,\"name\":\"Two\"}]");
            case "products1GET" -> list(exchange);
            case "products1POST" -> create(exchange, body);
            case "products2GET" -> read(id(path.get(1)), exchange);
            case "products2PATCH" -> patch(id(path.get(1)), exchange, body);
            case "products2DELETE" -> delete(id(path.get(1)));
            default -> throw new Refusal(404);
        };
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String text = exchange.getRequestURI().getQuery();
        for (String part : text == null ? new String[0] : text.split("&", -1)) {
            String[] pair = part.split("=", 2);
            query.merge(pair[0], pair[1], (one, another) -> "twice");
        }
        return query;
    }

    private Reply list(HttpExchange exchange) throws Refusal {
        Map<String, String> query = query(exchange);
        if (query.containsValue("twice") && !breaks("query-once")) {
            throw new Refusal(400);
        }
        String limitText = query.getOrDefault("limit", "100");
        int limit = limitText.equals("twice") ? 1 : Integer.parseInt(limitText);
        String named = query.getOrDefault("product_ids", "");
        if ((limit > 500 && !breaks("largest-limit")) || named.split(",", -1).length > 500) {
            throw new Refusal(400);
        }
        int after = Integer.parseInt(query.getOrDefault("after", "0"));
        List<Product> found = all.tailMap(after + 1).values().stream()
                .filter(one -> named.isEmpty()
                        || breaks("named-products")
                        || Arrays.asList(named.split(",", -1)).contains(Integer.toString(one.id)))
                .filter(one -> breaks("of-category")
                        || query.getOrDefault("category_id", Integer.toString(one.category))
                                .equals(Integer.toString(one.category)))
                .filter(one -> matches(one.name, query.getOrDefault("q", "")))
                .toList();
        List<Product> page = found.stream().limit(limit).toList();
        if (page.size() < found.size()) {
            String host = breaks("next-page") ? "http://elsewhere" : "";
            exchange.getResponseHeaders()
                    .set(
                            "Link",
                            "<" + host + "/products?limit=" + limit + "&after=" + page.getLast().id
                                    + ">; rel=\"next\"");
        }
        String text = page.stream().map(Product::json).collect(Collectors.joining(",", "[", "]"));
        return Reply.json(breaks("lists-products") ? text.replace("product_name", "name") : text);
    }

    private boolean matches(String name, String words) {
        String there = breaks("search") ? name : " " + name.toLowerCase(Locale.ROOT);
        String asked = breaks("search") ? words : words.toLowerCase(Locale.ROOT);
        return Arrays.stream(asked.split(" ", -1)).allMatch(word -> there.contains(word));
    }

    private static Product changed(Product before, JsonNode with) throws Refusal {
        String name = with.has("product_name") ? with.path("product_name").asText() : before.name;
        JsonNode price = with.path("price");
        if (!with.isObject()
                || with.path("product_name").isNull()
                || with.path("category_id").isTextual()) {
            throw new Refusal(400);
        }
        if (name.length() > 200) {
            throw new Refusal(400, "product_name");
        }
        String told = before.price;
        if (!price.isMissingNode()) {
            if (!price.isTextual() && !price.isNumber()) {
                throw new Refusal(400);
            }
            told = price.asText();
        }
        int category = with.path("category_id").asInt(before.category);
        return new Product(before.id, name, told, category, before.version + 1);
    }

    private String money(String text) throws Refusal {
        if (breaks("money-input") && text.equals("+1")) {
            return "1.00";
        }
        if (!text.matches("\\d{1,12}(\\.\\d{1,2})?")) {
            throw new Refusal(400);
        }
        if (breaks("money") && text.equals("7")) {
            return text;
        }
        return String.format(Locale.ROOT, "%.2f", Double.parseDouble(text));
    }

    private Product priced(Product one) throws Refusal {
        return new Product(one.id, one.name, money(one.price), one.category, one.version);
    }

    private Reply create(HttpExchange exchange, byte[] body) throws Refusal {
        if (!header(exchange, "Content-Type").equals("application/json")) {
            throw new Refusal(415);
        }
        Product made = priced(changed(new Product(last.incrementAndGet(), "", "", 1, 0), read(body)));
        all.put(made.id, made);
        exchange.getResponseHeaders()
                .set("Location", (breaks("creates") ? "http://elsewhere" : "") + "/products/" + made.id);
        return new Reply(201, "application/json", made.json());
    }

    private Product known(int id) throws Refusal {
        Product product = all.get(id);
        if (product == null) {
            throw new Refusal(404);
        }
        return product;
    }

    private static String tag(Product product) {
        return "\"" + product.version + "\"";
    }

    private Reply read(int id, HttpExchange exchange) throws Refusal {
        Product product =
                breaks("reads-product") && id == Integer.MAX_VALUE ? new Product(id, "any", "1.00", 1, 1) : known(id);
        exchange.getResponseHeaders().set("ETag", tag(product));
        if (header(exchange, "If-None-Match").equals(tag(product)) && !breaks("not-modified")) {
            return new Reply(304, "", null);
        }
        return Reply.json(product.json());
    }

    private Reply patch(int id, HttpExchange exchange, byte[] body) throws Refusal {
        JsonNode with = json(exchange, body);
        if (breaks("bad-body") && with.path("price").isBoolean()) {
            return Reply.json(known(id).json());
        }
        Product before = known(id);
        String tag = header(exchange, "If-Match");
        if (!tag.isEmpty() && !tag.equals(tag(before)) && !breaks("patch-if-match")) {
            throw new Refusal(412);
        }
        Product after = priced(changed(before, with));
        if (breaks("patches") && with.has("product_name")) {
            after = new Product(id, after.name, "0.00", after.category, after.version);
        }
        all.put(id, after);
        exchange.getResponseHeaders().set("ETag", tag(after));
        return Reply.json(after.json());
    }

    private Reply delete(int id) throws Refusal {
        known(id);
        if (!breaks("deletes")) {
            all.remove(id);
        }
        return Reply.DONE;
    }
}
