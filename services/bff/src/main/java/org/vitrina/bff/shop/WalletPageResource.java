package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.bff.wallet.WalletClient;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.identity.OwnData;

/** {@code /shop/wallet}: the user's money, and a form that adds to it once. */
@OwnData
@Path("/shop/wallet")
@Produces(PageGate.HTML)
public class WalletPageResource {
    private static final String PATH = "/shop/wallet";

    private final WalletClient wallet;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    WalletPageResource(WalletClient wallet, Pages pages, Visits visits, Scopes scopes) {
        this.wallet = wallet;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> wallet() {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> content = wallet.balance(scope, visit.user())
                .map(reply -> Replies.object("wallet", reply).getString("balance", ""))
                .map(balance -> visit.render(Templates.wallet(
                        Formats.money(balance, visit), UUID.randomUUID().toString())));
        return pages.page(visit, scope, visit.words().wallet(), "wallet", content);
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> topUp(String body) {
        return visits.form(body, PATH, this::topUp);
    }

    private Uni<RestResponse<String>> topUp(Visit visit, Form form) {
        String key = IdempotencyKey.parse(form.text("key")).asSent();
        String amount = form.text("amount").replaceAll("\\s", "").replace(',', '.');
        byte[] json = new JsonObject().put("amount", amount).encode().getBytes(StandardCharsets.UTF_8);
        var tries = new AtomicInteger();
        return Outcome.of(wallet.topUp(scopes.open(), visit.user(), key, json, tries::incrementAndGet))
                .map(done -> switch (done.kind()) {
                    case DONE -> {
                        // what a second try of our own repeats, the customer has not sent before
                        boolean before = done.status() != 201 && tries.get() == 1;
                        yield Pages.seeOther(visit, PATH, before ? "topped-up-before" : "topped-up", key);
                    }
                    case REFUSED -> Pages.seeOther(visit, PATH, done.status() == 422 ? "key-used" : "refused", key);
                    case NOT_DONE, UNKNOWN -> pages.repeat(visit, done, PATH, form);
                });
    }
}
