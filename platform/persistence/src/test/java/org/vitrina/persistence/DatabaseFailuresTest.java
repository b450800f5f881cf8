package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smallrye.mutiny.CompositeException;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.hibernate.HibernateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

class DatabaseFailuresTest {
    private final DatabaseFailures failures = new DatabaseFailures();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", "53100", "53300", "25006", "40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03",
                "58030"
            })
    void statesOfTheServerItselfAreUnavailability(String state) {
        assertUnavailable(postgres(state), "The database cannot do this at the moment; try again.");
        assertUnavailable(
                new CompletionException(new SQLException("text", state)),
                "The database cannot do this at the moment; try again.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "23503", "42P01", "22003"})
    void statesOfTheStatementAreLeftToTheService(String state) {
        Throwable failure = new CompletionException(postgres(state));
        assertThat(failures.translate(failure)).isSameAs(failure);
    }

    @Test
    void aBrokenOrRefusedConnectionIsUnavailability() {
        String sentence = "The database is not reachable at the moment; try again.";
        assertUnavailable(new ConnectException("refused"), sentence);
        assertUnavailable(new SocketException("reset"), sentence);
        assertUnavailable(ClosedConnectionException.INSTANCE, sentence);
        assertUnavailable(new NoStackTraceThrowable("Connection is not active now, current status: CLOSED"), sentence);
    }

    @Test
    void aWriteThatMeetsAResetIsUnavailability() throws IOException {
        Throwable reset = failedWrite();

        // no SocketException, as a read would get
        assertThat(reset).isExactlyInstanceOf(IOException.class);
        assertUnavailable(reset, "The database is not reachable at the moment; try again.");
        assertThat(DatabaseFailures.isBrokenConnection(reset)).isTrue();
        assertThat(LostAnswer.is(reset)).isTrue();
    }

    /** What the JDK says of a connection that the other side cut off while a new one was being made. */
    private static Throwable failedWrite() throws IOException {
        try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var client = SocketChannel.open(server.getLocalAddress())) {
            server.accept().setOption(StandardSocketOptions.SO_LINGER, 0).close();
            return catchThrowable(() -> {
                // until the reset has come
                while (true) {
                    client.write(ByteBuffer.wrap(new byte[] {1}));
                }
            });
        }
    }

    @Test
    void aFullOrSlowPoolIsUnavailability() {
        assertUnavailable(
                new ConnectionPoolTooBusyException("x"), "Too many requests wait for the database; try again.");
        assertUnavailable(
                new NoStackTraceThrowable("Timeout"), "No connection to the database was free in time; try again.");
        // what statements without a connection of their own are told
        assertUnavailable(
                new VertxException("Timeout waiting for connection"),
                "No connection to the database was free in time; try again.");
    }

    @Test
    void aFailedRollbackDoesNotHideWhyItWasTried() {
        assertUnavailable(
                new CompositeException(postgres("57P01"), new NoStackTraceThrowable("Connection is not active now")),
                "The database cannot do this at the moment; try again.");
        Throwable violation = new CompositeException(postgres("23505"), new ConnectException("refused"));
        assertThat(failures.translate(violation)).isSameAs(violation);
    }

    @Test
    void problemsAndBugsStayWhatTheyAre() {
        Throwable problem = new ProblemException(ErrorCode.NOT_FOUND, "none");
        Throwable bug = new IllegalStateException("x");
        Throwable file = new IOException("no space left on device");
        assertThat(failures.translate(problem)).isSameAs(problem);
        assertThat(failures.translate(new HibernateException(problem))).isSameAs(problem);
        assertThat(failures.translate(bug)).isSameAs(bug);
        assertThat(failures.translate(file)).isSameAs(file);
    }

    @Test
    void onlyABrokenConnectionLetsAReadBeRepeated() {
        assertThat(DatabaseFailures.isBrokenConnection(postgres("57P01"))).isTrue();
        assertThat(DatabaseFailures.isBrokenConnection(ClosedConnectionException.INSTANCE))
                .isTrue();
        assertThat(DatabaseFailures.isBrokenConnection(new ConnectException("refused")))
                .isFalse();
        assertThat(DatabaseFailures.isBrokenConnection(new NoStackTraceThrowable("Timeout")))
                .isFalse();
        assertThat(DatabaseFailures.isBrokenConnection(postgres("53300"))).isFalse();
    }

    @Test
    void onlyAConnectionThatBreaksWhileAnAnswerIsAwaitedLeavesTheOutcomeOpen() {
        assertThat(LostAnswer.is(ClosedConnectionException.INSTANCE)).isTrue();
        assertThat(LostAnswer.is(new java.net.SocketException("Connection reset")))
                .isTrue();
        assertThat(LostAnswer.is(new NoStackTraceThrowable("Connection is not active now")))
                .isFalse();
        assertThat(LostAnswer.is(new ConnectException("refused"))).isFalse();
        assertThat(LostAnswer.is(new NoStackTraceThrowable("Timeout"))).isFalse();
        for (String state : new String[] {"57P01", "57014", "53300", "23505"}) {
            assertThat(LostAnswer.is(postgres(state))).as(state).isFalse();
        }
    }

    private void assertUnavailable(Throwable failure, String sentence) {
        assertThat(failures.translate(failure)).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(problem.detail()).isEqualTo(sentence);
            assertThat(problem.headers()).isEqualTo(Map.of("Retry-After", "1"));
        });
    }

    private static PgException postgres(String state) {
        return new PgException("text", "FATAL", state, "detail");
    }
}
