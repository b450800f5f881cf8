package org.vitrina.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one cache as files, one a key, named after the key's digest; they outlive the process. What is there is
 * known in memory, so that a miss costs no look at the disk, and bounded as in memory. A look-up waits for the disk as long
 * as for a server; while several have waited in vain, the next do not.
 */
final class FileStore<V> implements Store<V> {
    private static final Logger LOG = Logger.getLogger(FileStore.class);
    private static final String UNFINISHED = ".new";
    /** What a file costs beside its bytes, by and large: its name, its inode, half a block. */
    private static final int OVERHEAD_BYTES = 2560;

    private final Vertx vertx;
    private final Folder folder;
    private final Path own;
    private final Codec<V> codec;
    private final long timeoutNanos;
    private final com.github.benmanes.caffeine.cache.Cache<String, Copy> index;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();

    private record Copy(int bytes, boolean negative) {}

    FileStore(
            Vertx vertx,
            CacheSpec<V> spec,
            Folder folder,
            long maxEntries,
            long maxBytes,
            Duration timeout,
            CacheCounters counters) {
        this.vertx = vertx;
        this.folder = folder;
        this.own = folder.of(spec.name(), spec.schemaVersion());
        this.codec = spec.codec();
        this.timeoutNanos = timeout.toNanos();
        int leastWeight = (int) Math.min(Integer.MAX_VALUE, Math.max(1, maxBytes / maxEntries));
        this.index = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String name, Copy copy) -> Math.max(leastWeight, copy.bytes))
                .expireAfter(
                        Expiry.<String, Copy>writing((name, copy) -> copy.negative ? spec.negativeTtl() : spec.keep()))
                .evictionListener((name, copy, cause) -> {
                    counters.evictions.increment();
                    if (name != null) {
                        deleteEvicted(name);
                    }
                })
                .executor(Runnable::run)
                .build();
        if (!folder.write(() -> find(spec.name()))) {
            LOG.warnf("cache %s: the files of an earlier process are not used", spec.name());
        }
    }

    /** What an earlier process has left; one that is too old is found to be so when it is read. */
    private void find(String cache) {
        try {
            folder.prepare(cache, own);
            try (Stream<Path> all = Files.list(own)) {
                for (Path each : all.toList()) {
                    String name = each.getFileName().toString();
                    if (name.contains(UNFINISHED)) {
                        Files.deleteIfExists(each);
                    } else {
                        int bytes = (int) Math.min(Files.size(each), Integer.MAX_VALUE / 2);
                        index.asMap().putIfAbsent(name, new Copy(OVERHEAD_BYTES + bytes, false));
                    }
                }
            }
        } catch (IOException unreadable) {
            folder.bypass.wronglyAnswered();
            LOG.warnf("cache %s: the folder %s cannot be used: %s", cache, own, unreadable);
        }
    }

    /** The wall clock, for files outlive this process. */
    @Override
    public long now() {
        return System.currentTimeMillis();
    }

    @Override
    public boolean isElsewhere() {
        return true;
    }

    @Override
    public void read(List<String> keys, Consumer<List<CacheEntry<V>>> then) {
        List<String> names = new ArrayList<>(keys.size());
        boolean any = false;
        for (String key : keys) {
            String name = name(key);
            boolean there = index.getIfPresent(name) != null;
            names.add(there ? name : "");
            any |= there;
        }
        List<CacheEntry<V>> nothing = Collections.nCopies(keys.size(), null);
        if (!any) {
            then.accept(nothing);
            return;
        }
        if (folder.bypass.isSuspect() && underWay.get() > 0) {
            folder.counters.skipped.increment();
            then.accept(nothing);
            return;
        }
        EventLoop loop = loopHere();
        AtomicBoolean told = new AtomicBoolean();
        Future<?> late = loop.schedule(
                () -> {
                    if (told.compareAndSet(false, true)) {
                        folder.bypass.timedOut();
                        then.accept(nothing);
                    }
                },
                timeoutNanos,
                TimeUnit.NANOSECONDS);
        underWay.incrementAndGet();
        boolean taken = folder.read(() -> {
            List<CacheEntry<V>> found = new ArrayList<>(names.size());
            for (String name : names) {
                found.add(name.isEmpty() ? null : readNow(name));
            }
            underWay.decrementAndGet();
            loop.execute(() -> {
                if (told.compareAndSet(false, true)) {
                    late.cancel(false);
                    folder.bypass.answered();
                    then.accept(found);
                }
            });
        });
        if (!taken) {
            underWay.decrementAndGet();
            folder.counters.skipped.increment();
            if (told.compareAndSet(false, true)) {
                late.cancel(false);
                then.accept(nothing);
            }
        }
    }

    private @Nullable CacheEntry<V> readNow(String name) {
        try {
            return EntryFormat.decode(Unpooled.wrappedBuffer(Files.readAllBytes(own.resolve(name))), codec);
        } catch (NoSuchFileException removed) {
            index.asMap().remove(name);
            return null;
        } catch (IOException unreadable) {
            folder.counters.errors.increment();
            return null;
        }
    }

    @Override
    public void write(List<String> keys, List<CacheEntry<V>> entries, Runnable done) {
        List<byte[]> values =
                entries.stream().map(entry -> EntryFormat.encode(entry, codec)).toList();
        boolean taken = folder.write(() -> {
            for (int i = 0; i < keys.size(); i++) {
                writeNow(name(keys.get(i)), values.get(i), entries.get(i).value() == null);
            }
            done.run();
        });
        if (!taken) {
            folder.counters.droppedWrites.add(keys.size());
            done.run();
        }
    }

    private void writeNow(String name, byte[] value, boolean negative) {
        Path file = own.resolve(name);
        Path beside = own.resolve(name + UNFINISHED + unfinished.incrementAndGet());
        try {
            Files.write(beside, value);
            // whole or not at all, also for a process that is killed meanwhile
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            index.put(name, new Copy(OVERHEAD_BYTES + value.length, negative));
        } catch (IOException full) {
            folder.counters.droppedWrites.increment();
            deleteNow(beside);
            // a copy before this one would be older than what the caller knows
            index.asMap().remove(name);
            deleteNow(file);
            try {
                Files.createDirectories(own);
            } catch (IOException stillAway) {
                LOG.debugf("cache: the folder %s cannot be made: %s", own, stillAway);
            }
        }
    }

    @Override
    public void remove(String key) {
        String name = name(key);
        index.asMap().remove(name);
        boolean taken = folder.write(() -> {
            // what was written before this was called, and after
            index.asMap().remove(name);
            deleteNow(own.resolve(name));
        });
        if (!taken) {
            folder.counters.droppedWrites.increment();
        }
    }

    /** Where it was not written again meanwhile. */
    private void deleteEvicted(String name) {
        var unused = folder.write(() -> {
            if (!index.asMap().containsKey(name)) {
                deleteNow(own.resolve(name));
            }
        });
    }

    private static void deleteNow(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            LOG.debugf("cache: %s cannot be removed: %s", file, stays);
        }
    }

    /** After due maintenance. */
    long size() {
        index.cleanUp();
        return index.estimatedSize();
    }

    private EventLoop loopHere() {
        Context context = Vertx.currentContext();
        return context == null
                ? ((VertxInternal) vertx).getEventLoopGroup().next()
                : ((ContextInternal) context).nettyEventLoop();
    }

    private static String name(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
