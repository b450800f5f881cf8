package org.vitrina.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;

/** On RabbitMQ, where it is installed. */
@EnabledIf("isInstalled")
@QuarkusTest
@WithTestResource(
        value = PostgresResource.class,
        initArgs = {
            @ResourceArg(name = "database", value = "messaging"),
            @ResourceArg(name = "changelog", value = "src/test/resources/db/changelog")
        })
@WithTestResource(value = BrokerResource.class, initArgs = @ResourceArg(name = "kind", value = "rabbitmq"))
class RabbitMessagingTest extends MessagingSuite {
    static boolean isInstalled() {
        return BrokerServer.isInstalled(BrokerServer.Kind.RABBITMQ);
    }

    /**
     * As with a broker of several nodes of which the queue's is down: it can neither be used nor declared. Qpid ends the
     * connection of whoever tries.
     */
    @Test
    void whatAQueueDoesNotTakeHoldsUpItsOwnKeyOnly() throws IOException {
        awaitReader();
        Connection occupied = await().atMost(SOON).ignoreExceptions().until(() -> mailbox.occupy("kept"), own -> true);
        try (occupied) {
            run(() -> notes.write(
                    "held",
                    List.of(
                            event("nobody.takes", "one", "nobody takes this"),
                            event("kept.one", "one", "one 1"),
                            event("nobody.takes", "one", "one 2"),
                            event("letter.two", "two", "past what waits"))));

            await().atMost(SOON).until(() -> letters.handled("past what waits").size() == 1);
            await().atMost(SOON).until(() -> number("SELECT count(*) FROM outbox") == 2);
            assertThat(registry.get("vitrina.outbox.untaken").counter().count()).isPositive();
        }

        assertThat(awaitKept(1)).extracting(Mailbox.Letter::body).containsExactly("one 1");
        awaitEmptyOutbox();
        assertThat(mailbox.take("kept")).isEmpty();
    }
}
