package org.vitrina.contracts;

import java.util.List;

/** The rules of one service. */
interface ServiceContract {
    /** As in docs/contracts.md and in the chart's {@code services}. */
    String name();

    /** What is asked first, to see whether anything answers at all. */
    String firstQuestion();

    List<Rule> rules();
}
