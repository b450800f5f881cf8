package org.vitrina.model;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.LogLines;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.Mailbox.Letter;

/** The model between its queue and its exchange, with a real broker. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
@WithTestResource(VersionsResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class ModelTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ROW_102 = Diabetes.rows().get(102).features().toString();

    @Inject
    MeterRegistry registry;

    Mailbox mailbox;
    BrokerServer broker;
    Path versions;

    @BeforeEach
    void awaitConsumer() throws IOException {
        await().atMost(SOON).ignoreExceptions().until(() -> mailbox.consumers("features") > 0);
        Files.writeString(versions.resolve("serving.json"), "{\"serving\":[{\"version\":\"1\",\"weight\":1}]}");
        awaitServing("1");
        mailbox.take("y_pred");
        mailbox.take("y_pred.predictions");
        mailbox.take("features.dlq");
    }

    private static void awaitServing(String... wanted) {
        await().atMost(SOON).until(() -> given().get("/ops/model")
                .jsonPath()
                .getList("serving.version")
                .equals(List.of(wanted)));
    }

    private List<Letter> answers(int count) {
        List<Letter> answers = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            answers.addAll(mailbox.take("y_pred"));
            return answers.size() >= count;
        });
        return answers;
    }

    @Test
    void answersBothReceiversWithIdValueFeaturesAndVersion() {
        mailbox.send("", "features", "m", "{\"id\":\"a-1\",\"features\":" + ROW_102 + ",\"reply_to\":\"me\"}");

        var answer = JsonPath.from(answers(1).getFirst().body());
        assertThat(answer.getString("id")).isEqualTo("a-1");
        assertThat(answer.getDouble("value")).isCloseTo(150.64748328, within(1e-5));
        assertThat(answer.getList("features")).hasSize(10);
        assertThat(answer.getString("model_version")).isEqualTo("1");
        assertThat(answer.getString("reply_to")).isEqualTo("me");
        await().atMost(SOON).until(() -> mailbox.take("y_pred.predictions").size() == 1);
        assertThat(mailbox.waiting("features")).isZero();
    }

    @Test
    void repliesToAQueueOfAClientToNoOtherAndIsNotHeldUpByOneThatIsGone() throws Exception {
        double gone = counted("reply-gone");
        double refused = counted("reply-refused");
        try (Connection connection = broker.connect();
                Channel client = connection.createChannel()) {
            String named = "client." + UUID.randomUUID();
            client.queueDeclare(named, false, true, true, null);
            var asked = new BasicProperties.Builder();
            byte[] features = ROW_102.getBytes(StandardCharsets.UTF_8);
            String queue = mailbox.named("features");
            client.basicPublish(
                    "", queue, asked.replyTo(named).correlationId("c-1").build(), features);
            client.basicPublish("", queue, asked.replyTo("client.gone").build(), features);
            client.basicPublish(
                    "", queue, asked.replyTo(mailbox.named("y_pred")).build(), features);
            List<GetResponse> replies = new ArrayList<>();
            awaitReplies(client, named, replies, 1);
            mailbox.send("", "features", "m", "{\"id\":7,\"features\":" + ROW_102 + ",\"reply_to\":\"" + named + "\"}");
            awaitReplies(client, named, replies, 2);

            assertThat(replies.getFirst().getProps().getCorrelationId()).isEqualTo("c-1");
            assertThat(JsonPath.from(new String(replies.getFirst().getBody(), StandardCharsets.UTF_8))
                            .getDouble("value"))
                    .isCloseTo(150.64748328, within(1e-5));
            assertThat(JsonPath.from(new String(replies.getLast().getBody(), StandardCharsets.UTF_8))
                            .getInt("id"))
                    .isEqualTo(7);
            // to all others as ever, and to the queue y_pred not a second time
            assertThat(answers(4)).hasSize(4);
            await().atMost(SOON)
                    .until(() -> counted("reply-gone") == gone + 1 && counted("reply-refused") == refused + 1);
            assertThat(mailbox.waiting("features")).isZero();
        }
    }

    private static void awaitReplies(Channel client, String queue, List<GetResponse> replies, int count) {
        await().atMost(SOON).until(() -> {
            GetResponse one = client.basicGet(queue, true);
            if (one != null) {
                replies.add(one);
            }
            return replies.size() == count;
        });
    }

    private double counted(String outcome) {
        return registry.get("vitrina.stream.messages")
                .tags("queue", "features", "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void printsALineForEachMessageWhereItIsToldTo() {
        try (LogLines log = new LogLines()) {
            mailbox.send("", "features", "m", "{\"id\":\"a-2\",\"features\":" + ROW_102 + "}");
            mailbox.send("", "features", "m", "no json");
            answers(1);

            await().atMost(SOON).untilAsserted(() -> assertThat(log.all())
                    .filteredOn(line -> line.startsWith("Message ") || line.contains("dead letter: "))
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("Message \"a-2\": predicted 150.647"))
                    .anyMatch(line -> line.contains("not readable")));
        }
    }

    @Test
    void answersABareArray() {
        mailbox.send("", "features", "m", ROW_102);

        var answer = JsonPath.from(answers(1).getFirst().body());
        assertThat(answer.<Object>get("id")).isNull();
        assertThat(answer.getDouble("value")).isCloseTo(150.64748328, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "",
                "7",
                "[1,2,3]",
                "{\"id\":\"x\"}",
                "{\"id\":\"x\\ud800\",\"features\":[0,0,0,0,0,0,0,0,0,0]}",
                "{\"id\":{},\"features\":[0,0,0,0,0,0,0,0,0,0]}",
                "{\"id\":\"x\",\"features\":[0,0,0,0,0,0,0,0,0,\"1\"]}",
                "{\"id\":\"x\",\"features\":[0,0,0,0,0,0,0,0,0,1e999]}",
                "{\"id\":\"x\",\"features\":[0,0,0,0,0,0,0,0,0,-1.7e308]}",
                "{\"id\":\"x\",\"version\":2,\"features\":[0,0,0,0,0,0,0,0,0,0]}"
            })
    void whatItCannotReadIsADeadLetterWithItsReasonAndTheNextIsAnswered(String body) {
        mailbox.send("", "features", "poison", body);
        mailbox.send("", "features", "m", "{\"id\":\"next\",\"features\":" + ROW_102 + "}");

        assertThat(answers(1)).hasSize(1);
        List<Letter> dead = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            dead.addAll(mailbox.take("features.dlq"));
            return !dead.isEmpty();
        });
        assertThat(dead).singleElement().satisfies(letter -> {
            assertThat(letter.body()).isEqualTo(body);
            assertThat(letter.messageId()).isEqualTo("poison");
            assertThat(letter.headers())
                    .containsEntry("x-vitrina-queue", "features")
                    .containsKey("x-vitrina-reason");
        });
    }

    @Test
    void aMessageThatIsTooLargeIsADeadLetter() {
        mailbox.send("", "features", "m", "[" + " ".repeat(70_000) + "]");

        await().atMost(SOON).until(() -> mailbox.take("features.dlq").stream()
                .anyMatch(letter ->
                        String.valueOf(letter.headers().get("x-vitrina-reason")).startsWith("larger than")));
    }

    @Test
    void aThousandEqualMessagesHaveEqualAnswers() {
        byte[] body = ("{\"id\":\"same\",\"features\":" + ROW_102 + "}").getBytes(StandardCharsets.UTF_8);
        mailbox.send("", "features", "m", body, 1000);

        assertThat(answers(1000).stream().map(Letter::body).distinct()).hasSize(1);
    }

    @Test
    void switchesToANewVersionUnderLoadAndBackWithoutALostMessage() throws IOException, InterruptedException {
        Artefact first = FirstModel.train();
        Files.writeString(versions.resolve("2.pmml"), Pmml.write(shifted(first, "2")));
        var sent = new AtomicInteger();
        var over = new AtomicBoolean();
        var sending = new Thread(() -> {
            while (!over.get()) {
                mailbox.send("", "features", "m" + sent, "{\"id\":\"s-" + sent + "\",\"features\":" + ROW_102 + "}");
                sent.incrementAndGet();
            }
        });
        sending.start();
        try {
            moreAreSent(sent);
            put("[{\"version\":\"2\",\"weight\":50},{\"version\":\"1\",\"weight\":50}]", 200);
            moreAreSent(sent);
            put("[{\"version\":\"2\",\"weight\":1}]", 200);
            moreAreSent(sent);
            given().post("/ops/model/rollback")
                    .then()
                    .statusCode(200)
                    .body("serving.version", equalTo(List.of("2", "1")));
            moreAreSent(sent);
        } finally {
            over.set(true);
        }
        sending.join(SOON);
        assertThat(sending.isAlive()).isFalse();

        Map<String, Long> ids = new java.util.TreeMap<>();
        await().atMost(SOON).until(() -> {
            for (Letter letter : mailbox.take("y_pred")) {
                var answer = JsonPath.from(letter.body());
                ids.merge(answer.getString("id"), 1L, Long::sum);
                // each by one version or the other, never by half of each
                assertThat(answer.getDouble("value"))
                        .isCloseTo(
                                answer.getString("model_version").equals("2") ? 1150.64748328 : 150.64748328,
                                within(1e-3));
            }
            return ids.size() == sent.get();
        });
        assertThat(ids.values()).containsOnly(1L);
        given().get("/ops/model").then().body("available", hasItems("1", "2"));
    }

    @Test
    void theVersionThatIsAskedForPredictsWhereItIsInUse() throws IOException {
        Files.writeString(versions.resolve("2.pmml"), Pmml.write(shifted(FirstModel.train(), "2")));
        put("[{\"version\":\"1\",\"weight\":10000},{\"version\":\"2\",\"weight\":1}]", 200);
        for (String asked : List.of("\"2\"", "\"1\"", "\"9\"", "7", "null")) {
            mailbox.send(
                    "", "features", "m", "{\"id\":\"a\",\"features\":" + ROW_102 + ",\"model_version\":" + asked + "}");
        }

        assertThat(answers(5).stream()
                        .map(letter -> JsonPath.from(letter.body()).getString("model_version")))
                .containsExactlyInAnyOrder("2", "1", "1", "1", "1");
    }

    @Test
    void goesBackMoreThanOnceAndRemembersWhoChoseWhatAndWhen() throws IOException {
        Artefact first = FirstModel.train();
        for (String version : List.of("4", "5", "6")) {
            Files.writeString(versions.resolve(version + ".pmml"), Pmml.write(shifted(first, version)));
            put("[{\"version\":\"" + version + "\",\"weight\":1}]", 200);
        }
        Instant now = Instant.now();
        for (String back : List.of("5", "4")) {
            given().post("/ops/model/rollback").then().statusCode(200).body("serving.version", contains(back));
        }
        // a choice after a rollback replaces what the rollback brought back
        put("[{\"version\":\"6\",\"weight\":1}]", 200);
        for (String back : List.of("4", "1")) {
            given().post("/ops/model/rollback").then().statusCode(200).body("serving.version", contains(back));
        }
        given().post("/ops/model/rollback")
                .then()
                .statusCode(409)
                .body("detail", equalTo("Nothing is known to have been in use before."));

        JsonPath history = given().get("/ops/model").jsonPath();
        assertThat(history.getList("history.serving.version.flatten()"))
                .containsExactly("1", "4", "6", "4", "5", "6", "5", "4", "1");
        assertThat(history.getList("history.cause"))
                .containsExactly(
                        "rollback",
                        "rollback",
                        "chosen",
                        "rollback",
                        "rollback",
                        "chosen",
                        "chosen",
                        "chosen",
                        "found");
        assertThat(history.getList("history.by").subList(0, 8)).containsOnly("anybody");
        assertThat(history.getString("history[8].by")).isEqualTo("unknown");
        assertThat(Instant.parse(history.getString("history[0].at"))).isBetween(now, Instant.now());
        // the same after a start, and in every replica: it is in the file
        assertThat(Files.readString(versions.resolve("serving.json"))).contains("\"history\"", "\"rollback\"");
    }

    @Test
    void keepsTheOldVersionWhenTheNewOneIsDamaged() throws IOException {
        Files.writeString(
                versions.resolve("3.pmml"),
                Pmml.write(shifted(FirstModel.train(), "3")).replaceFirst("intercept=\"1", "intercept=\"2"));

        put("[{\"version\":\"3\",\"weight\":1}]", 409);
        put("[{\"version\":\"none\",\"weight\":1}]", 409);
        put("[]", 400);
        put("[{\"version\":\"1\",\"weight\":0}]", 400);
        awaitServing("1");

        // the same, by the file that another replica may have written
        Files.writeString(versions.resolve("serving.json"), "{\"serving\":[{\"version\":\"3\",\"weight\":1}]}");
        await().atMost(SOON)
                .until(() -> String.valueOf(given().get("/ops/model").jsonPath().getString("failure"))
                        .contains("version 3 cannot be used"));
        mailbox.send("", "features", "m", ROW_102);
        assertThat(JsonPath.from(answers(1).getFirst().body()).getString("model_version"))
                .isEqualTo("1");
    }

    @Test
    void losesNothingWhenTheBrokerIsKilledAndComesBack() {
        int messages = 400;
        for (int i = 0; i < messages; i++) {
            if (i == messages / 2) {
                mailbox.send("", "features", "m", "{\"id\":\"k-" + i + "\",\"features\":" + ROW_102 + "}");
                broker.kill();
                broker.restart();
            } else {
                mailbox.send("", "features", "m", "{\"id\":\"k-" + i + "\",\"features\":" + ROW_102 + "}");
            }
        }

        var ids = new java.util.TreeSet<String>();
        await().atMost(SOON).ignoreExceptions().until(() -> {
            mailbox.take("y_pred")
                    .forEach(letter -> ids.add(JsonPath.from(letter.body()).getString("id")));
            return ids.size() == messages;
        });
    }

    /** The load is on: a switch between two of these falls amid messages. */
    private static void moreAreSent(AtomicInteger sent) {
        int before = sent.get();
        await().atMost(SOON).until(() -> sent.get() >= before + 100);
    }

    private static void put(String serving, int status) {
        given().contentType("application/json")
                .body("{\"serving\":" + serving + "}")
                .put("/ops/model")
                .then()
                .statusCode(status);
    }

    /** Predicts 1000 more. */
    private static Artefact shifted(Artefact of, String version) {
        return new Artefact(
                version,
                of.target(),
                of.features(),
                of.intercept() + 1000,
                of.sha256(),
                of.quality(),
                of.answers().stream()
                        .map(answer -> new Artefact.Answer(answer.features(), answer.value() + 1000))
                        .toList());
    }
}
