package org.vitrina.bff.ops;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.web.ConcurrencyLimit;

/** Stands in until platform/web brings the limit. */
@DefaultBean
@ApplicationScoped
class TmpLimit implements ConcurrencyLimit {
    @Override
    public int limit() {
        return 0;
    }

    @Override
    public int inFlight() {
        return 0;
    }

    @Override
    public long rejected() {
        return 0;
    }
}
