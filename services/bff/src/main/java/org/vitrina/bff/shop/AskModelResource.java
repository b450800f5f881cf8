package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.predictions.PredictionsClient;
import org.vitrina.bff.products.Catalog;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.identity.OwnData;

/** {@code /shop/model}: a form that asks the model about ten features, and the page on which its answer comes. */
@PermitAll
@Path("/shop/model")
@Produces(PageGate.HTML)
public class AskModelResource {
    static final int FEATURES = 10;

    private static final String PATH = "/shop/model";

    /** A number as people write it, with a comma or a point. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?");

    private final PredictionsClient predictions;
    private final Catalog catalog;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    AskModelResource(PredictionsClient predictions, Catalog catalog, Pages pages, Visits visits, Scopes scopes) {
        this.predictions = predictions;
        this.catalog = catalog;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    /**
     * A field of the form.
     *
     * @param number from 1
     * @param value as it was written
     * @param wrong whether it was no number
     */
    public record Feature(int number, String value, boolean wrong) {}

    /** The form. */
    public record Question(String key, List<Feature> features) {}

    /**
     * What the model has said.
     *
     * @param value in words of the visitor's locale; empty while it has said nothing
     * @param model which version it was; empty for unknown
     */
    public record Said(UUID id, String value, String model, String retry) {}

    /** @param product whose features the form begins with; null for none */
    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> form(@RestQuery @Nullable String product) {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<List<String>> known = product == null
                ? Uni.createFrom().item(List.of())
                : catalog.product(scope, CurrentUser.number("product", product, Integer.MAX_VALUE))
                        .map(copy -> copy == null ? List.<String>of() : features(new JsonObject(copy.value())))
                        // an empty form asks as well
                        .onFailure()
                        .recoverWithItem(List.of());
        Uni<String> content =
                known.map(values -> question(new Question(UUID.randomUUID().toString(), fields(values, false)), visit));
        return pages.page(visit, scope, visit.words().askModel(), "model", content);
    }

    @POST
    @OwnData
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> ask(String body) {
        return visits.form(body, PATH, this::ask);
    }

    private Uni<RestResponse<String>> ask(Visit visit, Form form) {
        String key = IdempotencyKey.parse(form.text("key")).asSent();
        List<Feature> fields = fields(values(form), true);
        if (fields.stream().anyMatch(Feature::wrong)) {
            return Uni.createFrom().item(anew(visit, "no-numbers", new Question(key, fields)));
        }
        var numbers = new JsonArray();
        fields.forEach(field -> numbers.add(Double.parseDouble(plain(field.value()))));
        byte[] json = new JsonObject().put("features", numbers).encode().getBytes(StandardCharsets.UTF_8);
        return Outcome.of(predictions.ask(scopes.open(), key, json)).map(done -> switch (done.kind()) {
            case DONE ->
                Pages.seeOther(visit, PATH + "/" + request(done), done.replayed() ? "asked-before" : "asked", key);
            case REFUSED ->
                done.status() == 422
                        ? Pages.seeOther(visit, PATH, "key-used", key)
                        : anew(visit, "refused", new Question(key, fields));
            case NOT_DONE, UNKNOWN -> pages.repeat(visit, done, PATH, form);
        });
    }

    /** The answer's page, which looks again by itself until the answer is there. */
    @GET
    @Path("/{id}")
    @OwnData
    @Operation(hidden = true)
    public RestMulti<byte[]> answer(@RestPath UUID id) {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<Pages.Found> found = predictions
                .request(scope, id)
                .map(reply -> {
                    if (reply.status() == 404) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no request " + id + ".");
                    }
                    return found(
                            visit.words().modelHeading(), visit.render(Templates.modelSaid(said(id, reply, visit))));
                })
                .onFailure(CallFailure.class)
                .recoverWithItem(failure -> found(visit.words().failedHeading(), Pages.missing(visit)));
        return pages.page(visit, scope, found);
    }

    private static Said said(UUID id, Reply reply, Visit visit) {
        JsonObject answer = Replies.object("predictions", reply);
        String value =
                answer.getValue("value") instanceof Number number ? Formats.figure(number.doubleValue(), visit) : "";
        return new Said(
                id,
                value,
                value.isEmpty() ? "" : String.valueOf(answer.getValue("model_version", "")),
                visit.to(Notices.without(visit.path())));
    }

    private RestResponse<String> anew(Visit visit, String code, Question question) {
        Visit telling = visit.telling(code);
        return pages.whole(telling, 400, visit.words().askModel(), "model", question(question, telling));
    }

    private static String question(Question question, Visit visit) {
        return visit.render(Templates.askModel(question));
    }

    private static Pages.Found found(String title, String content) {
        return new Pages.Found(
                title, "model", "plain", List.of(Multi.createFrom().item(content)));
    }

    private static String request(Outcome done) {
        try {
            return UUID.fromString(String.valueOf(done.body().getValue("request_id")))
                    .toString();
        } catch (IllegalArgumentException e) {
            throw new CallFailure.Retryable("predictions took a request and named none", e);
        }
    }

    private static List<String> values(Form form) {
        List<String> values = new ArrayList<>();
        for (int number = 1; number <= FEATURES; number++) {
            values.add(form.text("f" + number));
        }
        return values;
    }

    private static List<Feature> fields(List<String> values, boolean judged) {
        List<Feature> fields = new ArrayList<>();
        for (int i = 0; i < FEATURES; i++) {
            String value = i < values.size() ? values.get(i) : "";
            fields.add(new Feature(
                    i + 1, value, judged && !NUMBER.matcher(plain(value)).matches()));
        }
        return fields;
    }

    private static String plain(String value) {
        return value.replace(',', '.').replace('−', '-');
    }

    private static List<String> features(JsonObject product) {
        try {
            return product.getJsonArray("features", new JsonArray()).stream()
                    .map(String::valueOf)
                    .toList();
        } catch (ClassCastException | DecodeException notNumbers) {
            return Collections.emptyList();
        }
    }
}
