package org.vitrina.launcher.spec;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a service to start it, as its {@code service.yaml} says it; docs/add-a-service.md explains each key.
 *
 * @param about what it has, for the table of services
 * @param uses the servers that it works with; Redis is among them where it has a cache
 * @param cache where it keeps copies in containers ({@code memory} or {@code sidecar}); null: it keeps none
 * @param calls the services that it asks, and so must be told the addresses of
 * @param reads the queues that it reads, each with the exchange that it is bound to
 * @param sends the queues that it sends to, each with the exchange by which it does
 * @param lookAt the path that a person opens first
 * @param memory the limit of a container, as Compose writes it
 * @param standInFor the variable of {@code .env} that names the real one; null: it stands in for nothing
 * @param optional whether it is started only where somebody asks for it
 * @param files its own files and folders
 * @param questions what a user asks first: asked while AOT caches are trained
 */
public record ServiceSpec(
        String name,
        String about,
        int httpPort,
        Set<Server> uses,
        @Nullable String cache,
        List<String> calls,
        Map<String, String> reads,
        Map<String, String> sends,
        Set<Role> roles,
        String lookAt,
        String memory,
        @Nullable String standInFor,
        boolean optional,
        List<OwnFile> files,
        List<String> questions) {
    private static final int MANAGEMENT_OFFSET = 10_000;

    /** What a service is beside answering requests. */
    public enum Role {
        /** The page is made of it, so it is started before the rest. */
        PAGE,
        /** People open it: it is the face of the whole. */
        FRONT,
        /** It takes its dead letters up again when asked. */
        REDRIVES,
        /** It keeps something of users, and erases one when asked. */
        ERASES,
        /** It answers to queues that clients name. */
        REPLIES
    }

    /**
     * A file or folder that the service is told of by an environment variable.
     *
     * @param local its place in the folder of the local run
     * @param container its place in a container; null: the service is not told of one there
     * @param mount what Compose mounts for it: {@code volumes} or {@code tmpfs}; null: nothing
     */
    public record OwnFile(String variable, String local, @Nullable String container, @Nullable Mount mount) {}

    /** A line under {@code volumes} or {@code tmpfs} of a container. */
    public record Mount(boolean keeps, String line) {}

    public ServiceSpec {
        uses = Set.copyOf(uses);
        calls = List.copyOf(calls);
        reads = Map.copyOf(reads);
        sends = Map.copyOf(sends);
        roles = Set.copyOf(roles);
        files = List.copyOf(files);
        questions = List.copyOf(questions);
    }

    /** Whether {@code GET /products/all} is made of it. */
    public boolean isOfThePage() {
        return roles.contains(Role.PAGE);
    }

    /** Whether it is the one that people open. */
    public boolean isFront() {
        return roles.contains(Role.FRONT);
    }

    /** Whether it takes its dead letters up again when asked; others read no queue, or keep theirs for a look only. */
    public boolean redrives() {
        return roles.contains(Role.REDRIVES);
    }

    /** Whether it keeps something of users, and erases one when asked. */
    public boolean erases() {
        return roles.contains(Role.ERASES);
    }

    /** Whether it answers to queues that clients name, for which it needs the broker's default exchange. */
    public boolean replies() {
        return roles.contains(Role.REPLIES);
    }

    public boolean hasDatabase() {
        return uses.contains(Server.POSTGRES);
    }

    public boolean hasCache() {
        return cache != null;
    }

    /** Whether it is told where Redis is, for copies or for what it keeps there itself. */
    public boolean usesRedis() {
        return uses.contains(Server.REDIS);
    }

    public boolean hasBroker() {
        return uses.contains(Server.BROKER);
    }

    /** The port of health and metrics. */
    public int managementPort() {
        return httpPort + MANAGEMENT_OFFSET;
    }

    /** The variable of {@code .env} that names the real one, where this service only stands in. */
    public Optional<String> standIn() {
        return Optional.ofNullable(standInFor);
    }

    /** The environment variable by which this service is told where another one is. */
    public String urlVariable(String callee) {
        return variable(name + "_" + callee + "_URL");
    }

    /** The variable of {@code .env} that has its password of the database, or of the broker. */
    public String passwordVariable(String kind) {
        return variable(name + "_" + kind + "_PASSWORD");
    }

    private static String variable(String words) {
        return ("VITRINA_" + words).toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
