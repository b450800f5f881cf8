package org.vitrina.bff.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vitrina.bff.SessionConfig;

class SessionCookieTest {
    private static final String OLD = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final String NEW = "ICECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    private static SessionCookie cookie(String... settings) {
        SmallRyeConfigBuilder config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withMapping(SessionConfig.class)
                .withDefaultValue("vitrina.auth", "demo");
        for (int i = 0; i < settings.length; i += 2) {
            config.withDefaultValue("vitrina.session." + settings[i], settings[i + 1]);
        }
        SessionConfig mapped = config.build().getConfigMapping(SessionConfig.class);
        return new SessionCookie(new SealedClaims(mapped), mapped);
    }

    @Test
    void whatIsWrittenIsReadByEveryReplicaWithTheKey() {
        SessionCookie one = cookie("keys", OLD);
        BrowserSession session = one.begin(7, Set.of("admin"), new BrowserSession.Login("subject", "at-the-provider"));

        BrowserSession read = cookie("keys", OLD).read(one.write(session));

        assertThat(Objects.requireNonNull(read))
                .usingRecursiveComparison()
                .ignoringFields("begun", "seen", "until")
                .isEqualTo(session);
        assertThat(read.until())
                .isBetween(Instant.now().plusSeconds(1790), Instant.now().plusSeconds(1801));
        assertThat(one.write(session)).hasSizeLessThan(1000).doesNotContain("admin", session.id(), session.csrf());
        assertThat(session.toString()).doesNotContain(session.id(), session.csrf());
        assertThat(cookie("keys", NEW).read(one.write(session))).isNull();
    }

    @Test
    void aKeyIsReplacedWithoutSigningAnybodyOut() {
        SessionCookie before = cookie("keys", OLD);
        SessionCookie meanwhile = cookie("keys", NEW + "," + OLD);
        SessionCookie after = cookie("keys", NEW);
        BrowserSession session = before.begin(7, Set.of(), null);

        BrowserSession read = meanwhile.read(before.write(session));

        assertThat(after.read(meanwhile.write(Objects.requireNonNull(read)))).isNotNull();
        assertThat(after.read(before.write(session))).isNull();
    }

    @Test
    void aSessionThatNobodyUsesEnds() {
        SessionCookie cookie = cookie("keys", OLD, "idle", "1s");
        String written = cookie.write(cookie.begin(7, Set.of(), null));

        await().atMost(Duration.ofSeconds(20)).until(() -> cookie.read(written) == null);
    }

    @Test
    void aSessionEndsHoweverMuchItIsUsed() {
        SessionCookie cookie = cookie("keys", OLD, "absolute", "12h");
        BrowserSession old = new BrowserSession(
                7,
                Set.of(),
                "id",
                "csrf",
                Instant.now().minus(Duration.ofHours(13)),
                Instant.now(),
                Instant.now().plusSeconds(60),
                null);

        assertThat(cookie.read(cookie.write(old))).isNotNull();
        assertThat(cookie.read(cookie.write(cookie.seen(old)))).isNull();
    }

    @Test
    void isWrittenAnewNowAndThenOnly() {
        SessionCookie cookie = cookie("keys", OLD, "idle", "100s");
        BrowserSession session = cookie.begin(7, Set.of(), null);

        assertThat(cookie.isToBeRenewed(session)).isFalse();
        assertThat(cookie.isToBeRenewed(new BrowserSession(
                        7,
                        Set.of(),
                        "id",
                        "csrf",
                        session.begun(),
                        session.seen().minusSeconds(11),
                        session.until(),
                        null)))
                .isTrue();
    }

    @Test
    void aKeyThatIsNoneIsRefusedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cookie("keys", "c2hvcnQ"))
                .withMessageContaining("32 bytes")
                .withMessageNotContaining("c2hvcnQ");
    }
}
