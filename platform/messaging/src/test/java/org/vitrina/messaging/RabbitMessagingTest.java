package org.vitrina.messaging;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.condition.EnabledIf;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.BrokerResource;
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
}
