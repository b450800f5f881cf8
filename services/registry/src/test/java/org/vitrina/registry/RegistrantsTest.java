package org.vitrina.registry;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.vitrina.registry.RegistryTest.PROBLEM;
import static org.vitrina.registry.RegistryTest.list;
import static org.vitrina.registry.RegistryTest.put;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.RedisResource;

/** Who may register, and where nobody is led; in the process of {@link RegistryTest}. */
@QuarkusTest
@TestProfile(RegistryTest.Settings.class)
@WithTestResource(RedisResource.class)
class RegistrantsTest {
    /** Whatever stands for another place than it seems to: a URL, credentials, a name, a form of digits that others read differently. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1",
                "file:///etc/passwd",
                "user:pass@127.0.0.1",
                "127.0.0.1/ops",
                "127.0.0.1#@10.0.0.1",
                "127.0.0.1\\r\\nHost: a",
                "127.0.0.1 ",
                "[::1]",
                "localhost",
                "metadata.google.internal",
                "127.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "127.0.0.1%lo",
                "fe80::1",
                "fe80::1%lo",
                "ff02::1",
                "255.255.255.255",
                "240.0.0.1",
                "169.254.169.254",
                "::ffff:169.254.169.254",
                "::ffff:a9fe:a9fe",
                "::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::127.0.0.1",
                "2002:a9fe:a9fe::1",
                "fd00:ec2::254",
                "fd20:ce::254",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192"
            })
    void leadsNobodyToWhatIsNoHostOfItsOwn(String address) {
        put("misled", "a", "{\"address\":\"" + address + "\",\"port\":80}")
                .then()
                .statusCode(400)
                .contentType(PROBLEM);
        list("misled").then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.000.000.001, 127.0.0.1",
        "::ffff:127.0.0.1, 127.0.0.1",
        "::127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "0:0:0:0:0:0:0:1, ::1"
    })
    void tellsAnAddressInTheFormThatWasChecked(String address, String told) {
        put("canonical", "a", "{\"address\":\"" + address + "\",\"port\":80}")
                .then()
                .body("instance.address", equalTo(told));
        list("canonical").then().body("address", equalTo(List.of(told)));
    }

    @Test
    void leadsNobodyOutsideItsNetworks() {
        put("outside", "a", "{\"address\":\"10.0.0.7\",\"port\":81}")
                .then()
                .statusCode(403)
                .contentType(PROBLEM)
                .body("detail", containsString("vitrina.registry.networks"));
    }

    @Test
    void wantsTheSecretOfAServiceThatHasOne() {
        put("guarded", "a", 81).then().statusCode(403);
        given().header("Authorization", "Bearer open-door")
                .delete("/services/guarded/instances/a")
                .then()
                .statusCode(403);
        given().header("Authorization", "Bearer open-sesame")
                .contentType("application/json")
                .body("{\"address\":\"127.0.0.1\",\"port\":81}")
                .put("/services/guarded/instances/a")
                .then()
                .statusCode(201);
    }
}
