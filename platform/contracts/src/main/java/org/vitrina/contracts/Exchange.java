package org.vitrina.contracts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A request with its answer, and what an answer is expected to be. */
record Exchange(HttpCall call, int status, HttpHeaders headers, String body, Duration took) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** One of these statuses, or the rule is broken. */
    Exchange is(int... expected) throws BrokenRule {
        if (Arrays.stream(expected).noneMatch(one -> one == status)) {
            throw broken(
                    "not " + Arrays.stream(expected).mapToObj(Integer::toString).collect(Collectors.joining(" or ")));
        }
        return this;
    }

    /** A problem of this kind. */
    Exchange isProblem(int expected, String slug) throws BrokenRule {
        is(expected);
        if (!member("type").asText().equals("urn:vitrina:problem:" + slug)) {
            throw broken("not urn:vitrina:problem:" + slug);
        }
        return this;
    }

    /** A member with this integer. */
    Exchange has(String name, int value) throws BrokenRule {
        if (!member(name).isInt() || member(name).intValue() != value) {
            throw broken("not with '" + name + "' " + value);
        }
        return this;
    }

    /** A success, whichever. */
    Exchange isDone() throws BrokenRule {
        if (status < 200 || status >= 300) {
            throw broken("not 2xx");
        }
        return this;
    }

    /** All header lines of a name as one; empty where there is none. */
    String header(String name) {
        return String.join(", ", headers.allValues(name));
    }

    JsonNode json() throws BrokenRule {
        try {
            JsonNode read = JSON.readTree(body);
            if (!read.isMissingNode()) {
                return read;
            }
        } catch (JsonProcessingException e) {
            // said below
        }
        throw broken("which is no JSON");
    }

    /** A member that must be there. */
    JsonNode member(String name) throws BrokenRule {
        JsonNode member = json().path(name);
        if (member.isMissingNode()) {
            throw broken("without '" + name + "'");
        }
        return member;
    }

    /** The rule is broken: what was asked, what came, and what is wrong with that. */
    BrokenRule broken(String wrong) {
        return new BrokenRule(call + " was answered " + status + (body.isEmpty() ? "" : " " + HttpCall.cut(body)) + ", "
                + wrong + ".");
    }
}
