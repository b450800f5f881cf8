package org.vitrina.launcher.generate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.ServiceSpec.Mount;
import org.vitrina.launcher.spec.ServiceSpec.OwnFile;
import org.vitrina.launcher.spec.Services;

/** The services of {@code docker-compose.yaml}, over the anchors that stand at its beginning. */
final class Compose {
    static final String DATABASE = "database";
    static final String BROKER = "broker";
    private static final String TAG = "${VITRINA_TAG:-1.0.0-SNAPSHOT}";

    private final Services services;

    Compose(Services services) {
        this.services = services;
    }

    String service(ServiceSpec service) {
        List<String> lines = new ArrayList<>();
        lines.add("  " + service.name() + ":");
        lines.add("    <<: *service");
        if (service.optional()) {
            lines.add("    profiles: [" + service.name() + "]");
        }
        lines.add("    image: vitrina/" + service.name() + ":" + TAG);
        lines.add("    mem_limit: " + service.memory());
        lines.add("    ports: [\"127.0.0.1:" + port(service) + ":8080\"]");
        mounts(service, lines);
        lines.add("    environment:");
        lines.add("      <<: " + (service.hasBroker() ? "[*settings, *broker]" : "*settings"));
        environment(service).forEach((variable, value) -> lines.add("      " + variable + ": " + value));
        Map<String, String> dependencies = dependencies(service);
        if (!dependencies.isEmpty()) {
            lines.add("    depends_on:");
            dependencies.forEach(
                    (other, condition) -> lines.add("      " + other + ": {condition: " + condition + "}"));
        }
        return String.join("\n", lines) + "\n\n";
    }

    String migration(ServiceSpec service) {
        return """
              migrate-%1$s:
                <<: *migrations
                command: [%1$s, up, --contexts, demo, --wait, "240"]
                environment:
                  VITRINA_DB_URL: jdbc:postgresql://postgres:5432/%1$s
                  VITRINA_DB_USER: %1$s
                  VITRINA_DB_PASSWORD: %2$s

            """
                .formatted(service.name(), given(service.passwordVariable(DATABASE)));
    }

    /** The passwords that make the roles of PostgreSQL, or the users of RabbitMQ, by the names of services. */
    static String passwords(ServiceSpec service, String kind) {
        return "      " + service.passwordVariable(kind) + ": " + given(service.passwordVariable(kind)) + "\n";
    }

    /** Lines of {@code .env.example}. */
    static String unset(ServiceSpec service) {
        return (service.hasDatabase() ? service.passwordVariable(DATABASE) + "=\n" : "")
                + (service.hasBroker() ? service.passwordVariable(BROKER) + "=\n" : "");
    }

    private static String given(String variable) {
        return "${" + variable + ":?see .env.example}";
    }

    private static String port(ServiceSpec service) {
        return service.isFront() ? "${VITRINA_PORT:-" + service.httpPort() + "}" : Integer.toString(service.httpPort());
    }

    private static void mounts(ServiceSpec service, List<String> lines) {
        for (OwnFile file : service.files()) {
            Mount mount = file.mount();
            if (mount != null) {
                lines.add(
                        mount.keeps()
                                ? "    volumes: [\"" + mount.line() + "\"]"
                                : "    tmpfs: [/tmp:size=32m, " + mount.line() + "]");
            }
        }
    }

    private Map<String, String> environment(ServiceSpec service) {
        Map<String, String> environment = new LinkedHashMap<>();
        String cache = service.cache();
        if (cache != null) {
            environment.put("VITRINA_CACHE_TOPOLOGY", cache);
            if (hasRedis(service)) {
                environment.put("VITRINA_CACHE_REDIS_URL", "redis://redis:6379");
            }
        }
        if (service.isFront()) {
            // what its replicas share, experiments for one, and what can be tried without another release
            environment.put("VITRINA_SESSION_REDIS_URL", "redis://redis:6379");
            environment.put("VITRINA_EXPERIMENTS_VARIANTS", "products/newest");
        }
        for (String callee : service.calls()) {
            environment.put(service.urlVariable(callee), url(callee));
        }
        for (OwnFile file : service.files()) {
            String container = file.container();
            if (container != null) {
                environment.put(file.variable(), container);
            }
        }
        if (service.hasBroker()) {
            environment.put("VITRINA_BROKER_USERNAME", service.name());
            environment.put("VITRINA_BROKER_PASSWORD", given(service.passwordVariable(BROKER)));
        }
        if (service.usesRedis() && cache == null) {
            environment.put("QUARKUS_REDIS_HOSTS", "redis://redis:6379");
        }
        if (service.hasDatabase()) {
            environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://postgres:5432/" + service.name());
            environment.put("QUARKUS_DATASOURCE_USERNAME", service.name());
            environment.put("QUARKUS_DATASOURCE_PASSWORD", given(service.passwordVariable(DATABASE)));
        }
        return environment;
    }

    private String url(String callee) {
        String here = "http://" + callee + ":8080";
        return services.named(callee)
                .flatMap(ServiceSpec::standIn)
                .map(realOne -> "${" + realOne + ":-" + here + "}")
                .orElse(here);
    }

    private static Map<String, String> dependencies(ServiceSpec service) {
        Map<String, String> dependencies = new LinkedHashMap<>();
        if (service.hasDatabase()) {
            dependencies.put("migrate-" + service.name(), "service_completed_successfully");
        }
        if (hasRedis(service)) {
            dependencies.put("redis", "service_started");
        }
        if (service.hasBroker()) {
            dependencies.put("rabbitmq", "service_started");
        }
        service.calls().forEach(callee -> dependencies.put(callee, "service_started"));
        return dependencies;
    }

    private static boolean hasRedis(ServiceSpec service) {
        return "sidecar".equals(service.cache()) || (service.usesRedis() && service.cache() == null);
    }
}
