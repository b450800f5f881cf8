package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Behind a proxy that gives each request an id of its own, which is then no key ({@code vitrina.web.key-headers}). */
@QuarkusTest
@TestProfile(OverloadTest.Small.class)
class KeyHeadersTest {
    @TestHTTPResource("/")
    URI base;

    @Test
    void theRequestIdIsCarriedOnAndIsNoKey() throws Exception {
        Http.Answer answer = new Http(base).get("/ids", "X-Request-Id", "of-the-proxy");

        assertThat(answer.header("X-Request-Id")).isEqualTo("of-the-proxy");
        assertThat(answer.json().path("key").asText()).isEqualTo("null");
    }
}
