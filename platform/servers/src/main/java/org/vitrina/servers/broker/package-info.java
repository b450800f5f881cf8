/** The AMQP broker of tests and the local run where no RabbitMQ is installed: Apache Qpid as a program of its own. */
@NullMarked
package org.vitrina.servers.broker;

import org.jspecify.annotations.NullMarked;
