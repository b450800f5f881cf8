package org.vitrina.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenApiContractTest {
    private static final String YAML =
            """
            ---
            openapi: 3.1.0
            components:
              schemas:
                Line:
                  type: object
                  properties:
                    product_id: {type: integer}
                    quantity: {type: integer}
            paths:
              /users/{id}/cart:
                parameters: []
                get:
                  responses:
                    "200":
                      content:
                        application/json:
                          schema: {type: array, items: {$ref: '#/components/schemas/Line'}}
                    400: {description: Bad Request}
                delete:
                  responses:
                    "204": {description: No Content}
            """;

    private static final String JSON =
            """
            {"openapi":"3.1.0","paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":
            {"schema":{"properties":{"x":{}}}}}}}}}}}
            """;

    @Test
    void agreesWhenAllIsServedAndNothingElse() {
        assertThatCode(() -> OpenApiContract.served(YAML)
                        .operation("GET /users/{id}/cart", 200, 400)
                        .operation("DELETE /users/{id}/cart", 204)
                        .fields("GET /users/{id}/cart 200", "quantity", "product_id")
                        .assertAgrees())
                .doesNotThrowAnyException();
        assertThatCode(() -> OpenApiContract.served(JSON)
                        .operation("GET /a", 200)
                        .fields("GET /a 200", "x")
                        .assertAgrees())
                .doesNotThrowAnyException();
    }

    @Test
    void namesEveryDifferenceAtOnce() {
        assertThatThrownBy(() -> OpenApiContract.served(YAML)
                        .operation("GET /users/{id}/cart", 200, 404)
                        .operation("PUT /users/{id}/cart/{product_id}", 204)
                        .fields("GET /users/{id}/cart 200", "product_id", "amount")
                        .assertAgrees())
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        """
                        The served OpenAPI differs from the contract:
                          GET /users/{id}/cart: status 404 not described, only [200, 400]
                          PUT /users/{id}/cart/{product_id}: in the contract, not served
                          GET /users/{id}/cart 200: fields [amount, product_id] in the contract, [product_id, quantity] described
                          DELETE /users/{id}/cart: served, not in the contract""");
    }

    @Test
    void mayAllowFurtherOperations() {
        assertThatCode(() -> OpenApiContract.served(YAML)
                        .operation("GET /users/{id}/cart", 200)
                        .assertCovers())
                .doesNotThrowAnyException();
    }

    @Test
    void refusesWhatIsNoOpenApi() {
        assertThatThrownBy(() -> OpenApiContract.served("{\"status\":404}")).hasMessageContaining("no OpenAPI");
    }
}
