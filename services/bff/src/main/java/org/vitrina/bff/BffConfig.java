package org.vitrina.bff;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.vitrina.client.DependencyConfig;

/** Settings of the BFF. */
@ConfigMapping(prefix = "vitrina.bff")
public interface BffConfig {
    /** Time for a whole answer when the caller does not ask for less. */
    @WithDefault("2s")
    Duration budget();

    /** How long, at its start, it waits for a first complete page before it is ready without; 0s: not at all. */
    @WithDefault("5s")
    Duration warmUp();

    /** The user who is meant where a request names none (authentication off). */
    @WithDefault("3")
    @Min(1)
    int defaultUser();

    /** A service's event stream from which nothing comes for this long, no heartbeat either, is ended; its reader comes again. */
    @WithDefault("45s")
    @DurationMin(millis = 100)
    Duration eventIdleLimit();

    /**
     * Names by which it may be asked, such as {@code shop.example.com}; {@code *}: any. Addresses, names without a dot and those
     * under {@code .svc} and {@code .svc.cluster.local} need not be named.
     */
    @WithDefault("localhost")
    List<String> hosts();

    /**
     * Whether {@code /shop/keeper} is there, where whoever reaches it changes names, prices and stock: on in the local run; to
     * be left off elsewhere while there are no roles.
     */
    @WithDefault("false")
    boolean keeper();

    /** The catalogue. */
    ProductsConfig products();

    /** Stock levels. */
    InventoryConfig inventory();

    /** Favorites. */
    DependencyConfig favorites();

    /** The cart. */
    DependencyConfig cart();

    /** Orders. Its timeout is longer: an order that is not decided in time is answered 202 by orders itself. */
    DependencyConfig orders();

    /** The wallet. */
    DependencyConfig wallet();

    /** What customers were told. */
    DependencyConfig notifications();

    /** What the model says of products. */
    DependencyConfig predictions();

    /** Live view of the resilience state. */
    OpsConfig ops();

    /** The catalogue: calls and copies. */
    interface ProductsConfig extends DependencyConfig {
        /** How long a copy of a list or product is as good as new. */
        @WithDefault("5s")
        Duration ttl();

        /** How old a copy may be when the catalogue fails. */
        @WithDefault("10m")
        Duration maxStale();
    }

    /** Stock levels: calls and copies. */
    interface InventoryConfig extends DependencyConfig {
        /** One call for all products of a page; false: one call a product. */
        @WithDefault("true")
        boolean batch();

        /** How long a copy of a level is as good as new. */
        @WithDefault("1s")
        Duration ttl();

        /** How old a level may be when inventory fails. */
        @WithDefault("30s")
        Duration maxStale();

        /** How long it is remembered that inventory does not know a product. */
        @WithDefault("1s")
        Duration unknownTtl();
    }

    /** The live view of breakers, calls and caches. */
    interface OpsConfig {
        /** Pause between two events of the stream; at most 15 s, since events are its heartbeat too. */
        @WithDefault("1s")
        @DurationMin(millis = 100)
        @DurationMax(seconds = 15)
        Duration interval();

        /**
         * Management addresses of the services in which {@code /ops} may switch faults on, {@code name=url}, blanks between;
         * without it the page knows of no faults. A name with several addresses stands for as many replicas.
         */
        Optional<String> services();

        /**
         * Where the replicas of the BFF are, commas between: a name stands for as many of them as it has addresses. {@code /ops} then
         * tells of all.
         */
        Optional<List<URI>> replicas();
    }
}
