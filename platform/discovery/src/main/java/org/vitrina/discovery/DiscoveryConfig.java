package org.vitrina.discovery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How this process is found by others, and how it finds what it calls by {@code stork://<service>}. */
@ConfigMapping(prefix = "vitrina")
public interface DiscoveryConfig {
    /** {@code registry}: it registers itself as a replica of its service. */
    @WithName("discovery")
    @WithDefault("off")
    @Pattern(regexp = "off|registry", message = "must be off or registry")
    String discovery();

    /** Where the registry is: all of its replicas, with commas between; one that does not answer is passed over. */
    @WithName("discovery.registries")
    @WithDefault("http://127.0.0.1:8020")
    List<URI> registries();

    /** The IP address that callers are told; where it listens, unless that is everywhere. */
    @WithName("discovery.address")
    Optional<String> address();

    /** The port that callers are told; the one that it listens on if left out. */
    @WithName("discovery.port")
    Optional<@Min(1) @Max(65_535) Integer> port();

    /** Its id among the replicas; another one at each start if left out. Replicas behind a balancer of their own share one. */
    @WithName("discovery.id")
    Optional<@Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}") String> id();

    /** Where it is, such as a data centre: callers take replicas in their own zone first. */
    @WithName("discovery.zone")
    Optional<String> zone();

    /** Its share of calls beside the weights of others, 0 to 1000. */
    @WithName("discovery.weight")
    @WithDefault("100")
    @Min(0)
    @Max(1000)
    int weight();

    /** The version of its program, as callers that weigh versions know it. */
    @WithName("discovery.version")
    Optional<String> version();

    /** What the registry asks who registers for this service. */
    @WithName("discovery.secret")
    Optional<String> secret();

    /** How a replica is chosen: power-of-two, round-robin, least-response-time or consistent-hash. */
    @WithName("discovery.balancer")
    @WithDefault("power-of-two")
    @Pattern(
            regexp = "power-of-two|round-robin|least-response-time|consistent-hash",
            message = "must be power-of-two, round-robin, least-response-time or consistent-hash")
    String balancer();

    /** Shares of calls by version, such as {@code 1.0=90,1.1=10}, of those versions that there are; all alike if left out. */
    @WithName("discovery.versions")
    Optional<String> versions();

    /** So many failures in a row put a replica aside, as long as at least half of them stay. */
    @WithName("discovery.max-failures")
    @WithDefault("5")
    @Min(1)
    @Max(1000)
    int maxFailures();

    /** For so long at first; twice as long each time, up to thirty times. */
    @WithName("discovery.eject-for")
    @WithDefault("1s")
    @DurationMin(millis = 10)
    @DurationMax(minutes = 1)
    Duration ejectFor();
}
