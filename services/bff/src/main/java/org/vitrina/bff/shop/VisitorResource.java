package org.vitrina.bff.shop;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.http.Forwarded;

/** What a visitor chooses for all pages, kept in the browser: the language and, while authentication is off, the user. */
@PermitAll
@Path("/shop/visitor")
@Produces(PageGate.HTML)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class VisitorResource {
    private static final int MOST = 999_999_999;

    @POST
    @Path("/language")
    @Operation(hidden = true)
    public RestResponse<String> language(String body) {
        Form form = Form.read(body);
        return keep(Visits.LANGUAGE, Visits.isKnown(form.text("language")) ? form.text("language") : "en", form);
    }

    @POST
    @Path("/customer")
    @Operation(hidden = true)
    public RestResponse<String> customer(String body) {
        Form form = Form.read(body);
        return keep(Visits.USER, Integer.toString(form.number("user", MOST)), form);
    }

    /** An address that names a customer would go on showing that one. */
    private static String back(String cookie, Form form) {
        String back = Notices.back(form.text("back"));
        return cookie.equals(Visits.USER) ? Notices.without(back, Set.of("user_id")) : back;
    }

    private static RestResponse<String> keep(String cookie, String value, Form form) {
        return RestResponse.ResponseBuilder.<String>create(RestResponse.StatusCode.SEE_OTHER)
                .header(HttpHeaders.LOCATION, back(cookie, form))
                .header(
                        HttpHeaders.SET_COOKIE,
                        cookie + "=" + value + "; Path=" + Forwarded.current().prefix()
                                + "/; Max-Age=31536000; HttpOnly; SameSite=Lax")
                .build();
    }
}
