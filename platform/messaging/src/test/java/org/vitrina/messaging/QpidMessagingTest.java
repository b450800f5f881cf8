package org.vitrina.messaging;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.PostgresResource;

/** On the embedded broker. */
@QuarkusTest
@WithTestResource(
        value = PostgresResource.class,
        initArgs = {
            @ResourceArg(name = "database", value = "messaging"),
            @ResourceArg(name = "changelog", value = "src/test/resources/db/changelog")
        })
@WithTestResource(value = BrokerResource.class, initArgs = @ResourceArg(name = "kind", value = "qpid"))
class QpidMessagingTest extends MessagingSuite {}
