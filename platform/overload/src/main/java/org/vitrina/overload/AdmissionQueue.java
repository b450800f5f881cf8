package org.vitrina.overload;

import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Where requests beyond the {@link AdaptiveLimit} wait for a place: as long as each says, within a bound on memory. Who
 * could not get one in time by the pace of the queue is refused when it comes.
 *
 * <p>A burst is served in the order of its coming. A queue that stands (its oldest has waited longer than a target all
 * through an interval, in which somebody was refused) is served newest first, and no longer than the pace works off in the target: what is more is
 * refused from its old end, since who has waited long is the likeliest to have given up. After Nichols and Jacobson,
 * "Controlling Queue Delay" (ACM Queue, 2012), in the form that suits requests (Maurer, "Fail at Scale", ACM Queue, 2015).
 *
 * <p>For requests of any event loop; it takes no lock.
 */
public final class AdmissionQueue {
    /** The queue is looked at so often while somebody waits. */
    static final long LOOK_NANOS = 10_000_000;

    /** A standing queue in which nothing was refused for so long stands no more. */
    private static final long CALM_NANOS = 100_000_000;

    /** So many intervals a queue in which everybody is served in time may last: a burst need not come all at once. */
    private static final int LONG_INTERVALS = 4;

    /** A standing queue may be so long at least, or a pause of the event loop would empty it. */
    private static final int SHORTEST = 16;

    private final AdaptiveLimit limit;
    private final long targetNanos;
    private final long intervalNanos;
    private final long maxBytes;
    private final LongSupplier nanoTime;
    private final Runnable startLooking;

    private final ConcurrentLinkedDeque<WaitingRequest> queue = new ConcurrentLinkedDeque<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder placesGiven = new LongAdder();
    private final LongAdder rejectedOnArrival = new LongAdder();
    private final LongAdder rejectedAfterWaiting = new LongAdder();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Pace pace = new Pace();
    private volatile boolean standing;
    private volatile long lastRefusal;
    // only where it is looked at
    private boolean old;
    private long oldSince;

    /**
     * @param startLooking arranges that {@link #look} is called each {@link #LOOK_NANOS} from now on, as long as it
     *     returns true
     */
    AdmissionQueue(
            AdaptiveLimit limit,
            long targetNanos,
            long intervalNanos,
            long maxBytes,
            LongSupplier nanoTime,
            Runnable startLooking) {
        this.limit = limit;
        this.targetNanos = targetNanos;
        this.intervalNanos = intervalNanos;
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
        this.startLooking = startLooking;
    }

    /** Takes a place if there is one and nobody waits for it; it is to be given back by {@link #release}. */
    public boolean tryEnter() {
        if (waiting.get() == 0 && limit.tryAcquire()) {
            placesGiven.increment();
            return true;
        }
        return false;
    }

    /** Whether {@link #tryEnter} would find a place now. */
    public boolean isOpen() {
        return waiting.get() == 0 && limit.hasPlace();
    }

    /** Lets it wait; false when it must not: then it is counted as refused, and its caller answers it. */
    public boolean offer(WaitingRequest request) {
        int ahead = waiting.get();
        if (!standing && ahead > pace.in(request.leftNanos(nanoTime.getAsLong()))) {
            return turnedAway(request);
        }
        if (bytes.addAndGet(request.bytes()) > maxBytes) {
            bytes.addAndGet(-request.bytes());
            return turnedAway(request);
        }
        waiting.incrementAndGet();
        queue.addLast(request);
        if (!looking.get() && looking.compareAndSet(false, true)) {
            startLooking.run();
        }
        // a place may have become free since the look
        admit();
        if (standing) {
            shorten();
        }
        return true;
    }

    /** Gives back a place of {@link #tryEnter}. */
    public void release() {
        limit.release();
        if (waiting.get() > 0) {
            admit();
        }
    }

    /** It is answered, or its caller has left: its place is given back if it had one. */
    public void end(WaitingRequest request) {
        if (request.leave()) {
            left(request);
        } else if (request.givePlaceBack()) {
            release();
        }
    }

    /** Requests that wait for a place. */
    public int waiting() {
        return waiting.get();
    }

    /** Requests that were refused as they came: by the pace of the queue, or for want of memory. */
    long rejectedOnArrival() {
        return rejectedOnArrival.sum();
    }

    /** Requests that waited, and were refused when they could not be answered in time any more. */
    long rejectedAfterWaiting() {
        return rejectedAfterWaiting.sum();
    }

    /** Gives places to those who wait for as long as there are any: when one has become free, or the limit has risen. */
    void admit() {
        while (waiting.get() > 0 && limit.tryAcquire()) {
            WaitingRequest next;
            do {
                next = standing ? queue.pollLast() : queue.pollFirst();
            } while (next != null && !next.takePlace());
            if (next != null) {
                left(next);
                placesGiven.increment();
                next.admitted();
            } else {
                limit.release();
                if (queue.isEmpty()) {
                    return; // who is about to be in it looks for a place itself
                }
            }
        }
    }

    /** Refuses those who have waited as long as they may; false once nobody waits and there is nothing to look at. */
    boolean look() {
        admit();
        long now = nanoTime.getAsLong();
        for (Iterator<WaitingRequest> each = queue.iterator(); each.hasNext(); ) {
            WaitingRequest request = each.next();
            if (!request.waits()) {
                each.remove();
            } else if (request.leftNanos(now) < LOOK_NANOS) {
                // by the next look it would be too late
                each.remove();
                refuse(request);
            }
        }
        WaitingRequest oldest = queue.peekFirst();
        if (standing) {
            pace.look(now, placesGiven.sum());
            shorten();
            standing = now - lastRefusal < CALM_NANOS;
        } else if (oldest == null) {
            pace.forget();
            old = false;
            looking.set(false);
            // one may have come since the look
            return !queue.isEmpty() && looking.compareAndSet(false, true);
        } else {
            pace.look(now, placesGiven.sum());
            if (now - oldest.arrivedNanos() < targetNanos) {
                old = false;
            } else if (!old) {
                old = true;
                oldSince = now;
            } else if (now - oldSince
                    >= (lastRefusal - oldSince > 0 ? intervalNanos : LONG_INTERVALS * intervalNanos)) {
                standing = true;
                old = false;
                lastRefusal = now;
                shorten();
            }
        }
        return true;
    }

    /** Refuses from the old end what the pace does not work off within the target. */
    private void shorten() {
        double most = Math.max(SHORTEST, pace.in(targetNanos));
        while (waiting.get() > most) {
            WaitingRequest oldest = queue.pollFirst();
            if (oldest == null) {
                return;
            }
            refuse(oldest);
        }
    }

    private void refuse(WaitingRequest request) {
        if (request.leave()) {
            left(request);
            lastRefusal = nanoTime.getAsLong();
            limit.countRejected();
            rejectedAfterWaiting.increment();
            request.refused();
        }
    }

    private boolean turnedAway(WaitingRequest request) {
        request.leave();
        lastRefusal = nanoTime.getAsLong();
        limit.countRejected();
        rejectedOnArrival.increment();
        return false;
    }

    private void left(WaitingRequest request) {
        waiting.decrementAndGet();
        bytes.addAndGet(-request.bytes());
    }
}
