package org.vitrina.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What docs/contracts.md promises of services that read bodies. */
final class Bodies {
    private static final int LIMIT = 64 * 1024;
    private static final int LARGE = 2 * 1024 * 1024;

    private Bodies() {}

    static List<Rule> rules(Sample sample) {
        return List.of(
                new Rule(
                        "violations",
                        "Name each field that is wrong, in violations with field and message.",
                        "Validation adds `violations: [{field, message}]`.",
                        service -> violations(service, sample)),
                new Rule(
                        "bad-body",
                        "Answer a body that cannot be read, or has values of other types, with 400 and change nothing.",
                        "Bad path id, unparsable JSON, wrong type, unknown enum: 400.",
                        service -> badBodies(service, sample)),
                new Rule(
                        "body-limit",
                        "Answer a larger body with 413, with Content-Length and in chunks, and read it to its end, so that the answer arrives.",
                        "A body over the route's limit is 413; up to 10 MiB is read and dropped so that the 413 arrives.",
                        service -> tooLarge(service, sample)),
                new Rule(
                        "body-size",
                        "Take bodies of up to 64 KiB.",
                        "The limit is 64 KiB (`vitrina.web.max-body`); no route needs more so far.",
                        service -> {
                            HttpCall write = sample.write(service);
                            service.ask(padded(write, LIMIT)).isDone();
                        }),
                new Rule(
                        "content-encoding",
                        "Answer a body with Content-Encoding with 415.",
                        "A body with a `Content-Encoding` is 415.",
                        service -> service.ask(sample.write(service).header("Content-Encoding", "gzip"))
                                .is(415)),
                new Rule(
                        "media-type",
                        "Answer another media type with 415, with the one that you read in the header Accept and in the detail.",
                        "A 415 names the media types that the path reads, in its detail and in `Accept`.",
                        service -> mediaType(service, sample)));
    }

    private static void violations(TestedService service, Sample sample) throws BrokenRule {
        Exchange exchange =
                service.ask(sample.write(service).json(sample.outOfBounds())).is(400);
        for (JsonNode violation : exchange.member("violations")) {
            if (violation.path("field").asText().equals(sample.field())
                    && !violation.path("message").asText().isBlank()) {
                return;
            }
        }
        throw exchange.broken("without a violation of '" + sample.field() + "'");
    }

    private static void badBodies(TestedService service, Sample sample) throws BrokenRule {
        for (String body : sample.wrongBodies()) {
            service.ask(sample.write(service).json(body)).is(400);
        }
    }

    private static void tooLarge(TestedService service, Sample sample) throws BrokenRule {
        HttpCall write = sample.write(service);
        service.ask(padded(write, LIMIT + 1)).is(413);
        service.ask(padded(write, LIMIT + 1).inChunks()).is(413);
        service.ask(padded(write, LARGE)).is(413);
    }

    /** The same body, with blanks behind it up to a size. */
    private static HttpCall padded(HttpCall write, int size) {
        String body = String.valueOf(write.body());
        return write.json(body + " ".repeat(size - body.length()));
    }

    private static void mediaType(TestedService service, Sample sample) throws BrokenRule {
        Exchange exchange = service.ask(sample.write(service).header("Content-Type", "text/plain"))
                .is(415);
        String type = sample.mediaType();
        if (!exchange.header("Accept").contains(type) || !exchange.body().contains(type)) {
            throw exchange.broken("without naming " + type + " in Accept and in the detail");
        }
    }
}
