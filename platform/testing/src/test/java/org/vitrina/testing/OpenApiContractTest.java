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
    void namesWhatNoClientCanBeGeneratedFrom() {
        String document =
                """
                openapi: 3.1.0
                paths:
                  /orders/{id}:
                    put:
                      parameters:
                        - {name: id, in: path, schema: {type: integer}}
                        - {name: key, in: header, schema: {type: array, items: {type: string}}}
                        - {name: limit, in: query}
                        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
                      requestBody:
                        content:
                          application/json:
                            schema: {type: string, format: binary}
                      responses:
                        "200":
                          content:
                            application/json:
                              schema: {type: string, format: binary}
                        "202": {description: Accepted}
                        "204": {description: No Content}
                        "400": {description: Bad Request}
                """;
        assertThatThrownBy(() -> OpenApiContract.served(document)
                        .operation("PUT /orders/{id}", 200)
                        .assertCovers())
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        """
                        The served OpenAPI differs from the contract:
                          PUT /orders/{id}: parameter id may be negative
                          PUT /orders/{id}: parameter key is a list that is sent as several parameters
                          PUT /orders/{id}: parameter limit has no type
                          PUT /orders/{id}: its body has no shape
                          PUT /orders/{id} 200: the answer has no shape
                          PUT /orders/{id} 202: the answer has no shape""");
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
