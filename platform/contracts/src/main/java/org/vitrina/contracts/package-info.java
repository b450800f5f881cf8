/** The contract kit: whether a service, whoever wrote it, keeps what docs/contracts.md promises of it. */
@NullMarked
package org.vitrina.contracts;

import org.jspecify.annotations.NullMarked;
