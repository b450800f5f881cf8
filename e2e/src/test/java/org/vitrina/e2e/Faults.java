package org.vitrina.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.vitrina.testing.proxy.Fault;

/** The rows of the fault matrix: what goes wrong, by the names that the page uses. */
final class Faults {
    static final String REFUSED = "connection refused";
    static final String HANGS = "accepts and hangs";
    static final String HANGS_AFTER_HEADERS = "hangs after headers";
    static final String LATE = "900 ms late";
    static final String STATUS_500 = "500";
    static final String STATUS_503 = "503 + Retry-After";
    static final String GARBAGE = "garbage";
    static final String TRUNCATED = "truncated body";
    static final String WRONG_TYPES = "wrong JSON types";
    static final String WRONG_FIELD_TYPES = "wrong JSON types, fields only";
    static final String BIG_BODY = "10 MB body";
    static final String RESET = "connection reset";
    static final String ERRORS = "20 % errors";
    static final String FLAPPING = "flapping every second";
    static final String TOO_MANY_CONNECTIONS = "too many connections";
    static final String READ_ONLY = "read-only";
    static final String LOADING = "LOADING";
    static final String OOM = "OOM";

    private static final int TEN_MEGABYTES = 10 * 1024 * 1024;

    /** Of a service behind the BFF. */
    static final Map<String, Fault> OF_SERVICES = new LinkedHashMap<>();
    /** Of PostgreSQL and Redis. */
    static final Map<String, Fault> OF_STREAMS = new LinkedHashMap<>();

    static {
        OF_SERVICES.put(REFUSED, Fault.REFUSED);
        OF_SERVICES.put(HANGS, Fault.HANGS);
        OF_SERVICES.put(HANGS_AFTER_HEADERS, Fault.HANGS_AFTER_HEADERS);
        OF_SERVICES.put(LATE, Fault.late(Duration.ofMillis(900)));
        OF_SERVICES.put(STATUS_500, Fault.status(500));
        OF_SERVICES.put(STATUS_503, Fault.unavailable(1));
        OF_SERVICES.put(GARBAGE, Fault.GARBAGE);
        OF_SERVICES.put(TRUNCATED, Fault.TRUNCATED);
        OF_SERVICES.put(WRONG_TYPES, Fault.WRONG_TYPES);
        OF_SERVICES.put(WRONG_FIELD_TYPES, Fault.WRONG_FIELD_TYPES);
        OF_SERVICES.put(BIG_BODY, Fault.bigBody(TEN_MEGABYTES));
        OF_SERVICES.put(RESET, Fault.RESET);
        OF_SERVICES.put(ERRORS, Fault.errors(0.2, 11));
        OF_SERVICES.put(FLAPPING, Fault.flapping(Duration.ofSeconds(1)));
        for (String both : List.of(REFUSED, HANGS, LATE, RESET, GARBAGE, TRUNCATED, FLAPPING)) {
            OF_STREAMS.put(both, Objects.requireNonNull(OF_SERVICES.get(both)));
        }
    }

    private Faults() {}

    /** The rows of what speaks no HTTP: those of all, and some of its own. */
    static List<String> rowsOfStreams(String... own) {
        List<String> names = new ArrayList<>(OF_STREAMS.keySet());
        names.addAll(List.of(own));
        return names;
    }
}
