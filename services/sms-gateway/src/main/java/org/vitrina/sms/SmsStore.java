package org.vitrina.sms;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages that were accepted: in memory, bounded, and in an append-only file where one is set. All writes are made by
 * one thread, one after the other, and are on disk before they are confirmed.
 */
@ApplicationScoped
class SmsStore {
    private final ObjectMapper json;
    private final int limit;
    private final Optional<Path> path;
    private final Clock clock = Clock.systemUTC();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("sms-writer").unstarted(work));

    private final NavigableMap<Long, Sms> byPosition = new ConcurrentSkipListMap<>();
    private final Map<String, List<Sms>> byClientRef = new ConcurrentHashMap<>();
    // the writer's only
    private final Map<String, Sms> byKey = new HashMap<>();
    private final Map<Long, @Nullable String> keys = new HashMap<>();
    private long last;
    private @Nullable FileChannel file;

    /** A line of the file. */
    @RegisterForReflection // in a file, read and written by hand
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(@Nullable String key, Sms sms) {}

    /**
     * What became of a message.
     *
     * @param before true if it had been accepted before, under the same key
     */
    record Accepted(Sms sms, boolean before) {}

    @Inject
    SmsStore(ObjectMapper json, SmsConfig config) {
        this(json, config.file(), config.maxMessages());
    }

    SmsStore(ObjectMapper json, Optional<Path> file, int maxMessages) {
        this.json = json;
        this.limit = maxMessages;
        this.path = file;
    }

    @PostConstruct
    void open() {
        if (path.isEmpty()) {
            return;
        }
        Path where = path.get().toAbsolutePath();
        try {
            Path folder = where.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            read(where);
            file = FileChannel.open(where, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("vitrina.sms.file cannot be used", e);
        }
    }

    /** The last line may be half of one, if the process was killed as it wrote: then nobody was told of it. */
    private void read(Path where) throws IOException {
        if (!Files.exists(where)) {
            return;
        }
        try (var lines = new RandomAccessFile(where.toFile(), "rw")) {
            long whole = 0;
            byte[] bytes = Files.readAllBytes(where);
            for (int start = 0, end; (end = endOfLine(bytes, start)) >= 0; start = end + 1) {
                Line line = json.readValue(bytes, start, end - start, Line.class);
                remember(line.key(), line.sms());
                whole = end + 1L;
            }
            lines.setLength(whole);
        }
    }

    private static int endOfLine(byte[] bytes, int start) {
        for (int i = start; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    @PreDestroy
    void close() throws IOException {
        writer.shutdown();
        if (file != null) {
            file.close();
        }
    }

    /**
     * Accepts the message, or tells which was accepted under the key before, whatever that says.
     *
     * @param key null: this is a message of its own in any case
     */
    Uni<Accepted> accept(@Nullable String key, NewSms asked) {
        return Uni.createFrom()
                .item(Unchecked.supplier(() -> {
                    Sms before = key == null ? null : byKey.get(key);
                    return before != null ? new Accepted(before, true) : new Accepted(add(key, asked), false);
                }))
                .runSubscriptionOn(writer);
    }

    private Sms add(@Nullable String key, NewSms asked) throws IOException {
        var sms = new Sms(
                last + 1,
                UUID.randomUUID(),
                asked.to(),
                asked.text(),
                asked.clientRef(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (file != null) {
            write(file, key, sms);
            file.force(false);
        }
        remember(key, sms);
        return sms;
    }

    private void write(FileChannel to, @Nullable String key, Sms sms) throws IOException {
        byte[] line = json.writeValueAsBytes(new Line(key, sms));
        ByteBuffer bytes =
                ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    /** Forgets the messages with a client_ref, and whatever the file has that is not remembered: it is written anew. */
    Uni<Void> erase(String clientRef) {
        return Uni.createFrom()
                .item(Unchecked.supplier(() -> {
                    List<Sms> all = withClientRef(clientRef);
                    all.forEach(this::forget);
                    if (!all.isEmpty() && file != null) {
                        writeAnew();
                    }
                    return all.size();
                }))
                .runSubscriptionOn(writer)
                .replaceWithVoid();
    }

    /** The old file is there until the new one is whole. */
    private void writeAnew() throws IOException {
        Path where = path.orElseThrow().toAbsolutePath();
        Path fresh = where.resolveSibling(where.getFileName() + ".new");
        try (var to = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (Sms sms : byPosition.values()) {
                write(to, keys.get(sms.position()), sms);
            }
            to.force(true);
        }
        Files.move(fresh, where, StandardCopyOption.ATOMIC_MOVE);
        FileChannel old = file;
        file = FileChannel.open(where, StandardOpenOption.APPEND);
        if (old != null) {
            old.close();
        }
    }

    private void remember(@Nullable String key, Sms sms) {
        last = sms.position();
        byPosition.put(sms.position(), sms);
        byClientRef.merge(sms.clientRef(), List.of(sms), SmsStore::joined);
        if (key != null) {
            byKey.put(key, sms);
            keys.put(sms.position(), key);
        }
        while (byPosition.size() > limit) {
            forget(byPosition.firstEntry().getValue());
        }
    }

    private static List<Sms> joined(List<Sms> known, List<Sms> added) {
        return Stream.concat(known.stream(), added.stream()).toList();
    }

    private void forget(Sms oldest) {
        byPosition.remove(oldest.position());
        byClientRef.computeIfPresent(oldest.clientRef(), (reference, all) -> {
            List<Sms> rest = all.stream().filter(sms -> !sms.equals(oldest)).toList();
            return rest.isEmpty() ? null : rest;
        });
        String key = keys.remove(oldest.position());
        if (key != null) {
            byKey.remove(key);
        }
    }

    List<Sms> withClientRef(String clientRef) {
        return byClientRef.getOrDefault(clientRef, List.of());
    }

    /** The next ones after a position, oldest first. */
    List<Sms> after(long position, int most) {
        return byPosition.tailMap(position, false).values().stream().limit(most).toList();
    }

    int size() {
        return byPosition.size();
    }
}
