package org.vitrina.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.vitrina.runtime.DependencyCheckConfig;

/** Settings of the face that every service shows to its callers. */
@ConfigMapping(prefix = "vitrina.web")
public interface HttpConfig extends DependencyCheckConfig {
    /** The time limit of a request that names none. */
    @WithDefault("1s")
    Duration defaultDeadline();

    /** The longest time limit that a caller may ask for; more is cut to it. */
    @WithDefault("1s")
    Duration maxDeadline();

    /**
     * The headers in which a caller may name its change, {@code Idempotency-Key} first: without {@code X-Request-Id} behind a
     * proxy that gives each request one of its own, since a repetition would get another.
     */
    @WithDefault("Idempotency-Key,X-Request-Id")
    List<@Pattern(regexp = "Idempotency-Key|X-Request-Id") String> keyHeaders();

    /** Whether problems also carry their detail as {@code error}, for older clients. */
    @WithDefault("false")
    boolean problemErrorMember();

    /** The largest body accepted; a larger one is answered 413. */
    @WithDefault("64K")
    MemorySize maxBody();

    /** The largest body that is read to its end (and dropped), so that the 413 arrives. */
    @WithDefault("10M")
    MemorySize maxDroppedBody();

    /**
     * Where a file may be put in, as the beginning of a path: {@code PUT} with {@code Content-Length} to what is below it may
     * have a body of {@link #maxUpload}, which is not kept in memory and has a minute to come.
     */
    Optional<String> uploadPath();

    /** The largest body accepted there. */
    @WithDefault("16M")
    MemorySize maxUpload();

    /** The largest total of header lines accepted; more is answered 431. */
    @WithDefault("20K")
    MemorySize maxHeaders();

    /** The longest time from a request's first byte to its last; it is answered 408 then, or at its deadline. */
    @WithDefault("10s")
    Duration maxReceiveTime();

    /**
     * What all requests that are not answered yet may hold of the memory together, those that have not come whole included;
     * one more is answered 503 and its connection closed. Without it an eighth of the heap.
     */
    Optional<MemorySize> maxHeld();

    /** The longest request line accepted; a longer one is answered 414. */
    @WithDefault("16K")
    MemorySize maxRequestLine();

    /**
     * Paths with query, blanks between, the likeliest first, that the process asks itself before it says that it is ready, so
     * that no caller meets cold code; those whose first answer is an error are left.
     */
    Optional<String> warmUpPaths();

    /** How often the first of them is asked, and each other half as often: most of their code is one. */
    @WithDefault("128")
    int warmUpRequests();

    /** How many event streams are served at once; further ones are answered 503. */
    @WithDefault("200")
    int maxStreams();
}
