package org.vitrina.e2e;

import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** Something that goes wrong for a while. */
interface Disturbance {
    void begin();

    void end();

    /** A fault of what is behind the proxy. */
    static Disturbance of(FaultProxy proxy, Fault fault) {
        return new Disturbance() {
            @Override
            public void begin() {
                proxy.inject(fault);
            }

            @Override
            public void end() {
                proxy.heal();
            }
        };
    }
}
