package org.vitrina.bff.experiments;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.ExperimentsConfig;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Upstreams;

/**
 * The releases of services that users can be led to: those that the deployment names, whatever an operator asks for. Made when all
 * clients are there, whose settings they share.
 */
@Startup(Variants.AFTER_CLIENTS)
@ApplicationScoped
public class Variants {
    static final int AFTER_CLIENTS = 5_000;

    private static final String LABEL = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    /** By {@code <service>/<variant>}; of a value without transport a gateway knows where it is. */
    private final Map<String, Variant> all = new TreeMap<>();

    /** @param elsewhere null: where the service usually listens */
    record Variant(String name, String service, String variant, @Nullable HttpTransport elsewhere) {}

    Variants(ExperimentsConfig config, Upstreams upstreams) {
        config.variants().ifPresent(text -> {
            for (String each : text.strip().split("\\s+", -1)) {
                Variant read = read(each, upstreams);
                all.put(read.name(), read);
            }
        });
    }

    private static Variant read(String text, Upstreams upstreams) {
        int sign = text.indexOf('=');
        String name = sign < 0 ? text : text.substring(0, sign);
        String[] parts = name.split("/", -1);
        if (parts.length != 2
                || !parts[0].matches(LABEL)
                || !parts[1].matches(LABEL)
                || parts[1].equals(Experiment.USUAL)) {
            throw new IllegalArgumentException("vitrina.experiments.variants must be variants of services, such as"
                    + " products/newest=http://products-newest; '" + text + "' is none.");
        }
        HttpTransport elsewhere =
                sign < 0 ? null : upstreams.release(name, parts[0], URI.create(text.substring(sign + 1)));
        return new Variant(name, parts[0], parts[1], elsewhere);
    }

    /** The variants of a service, the usual one too; empty where it has no other. */
    public Set<String> of(String service) {
        Set<String> names = new TreeSet<>();
        for (Variant each : all.values()) {
            if (each.service().equals(service)) {
                names.add(each.variant());
                names.add(Experiment.USUAL);
            }
        }
        return names;
    }

    /** Services that have some. */
    public Set<String> services() {
        Set<String> services = new TreeSet<>();
        all.values().forEach(each -> services.add(each.service()));
        return services;
    }

    /** Null: there is none of this name, {@code <service>/<variant>}. */
    @Nullable
    Variant named(String name) {
        return all.get(name);
    }
}
