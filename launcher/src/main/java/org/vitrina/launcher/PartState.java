package org.vitrina.launcher;

/** Where a part is in its life. */
public enum PartState {
    /** Its process runs, it does not answer as ready yet. */
    STARTING,
    /** It has answered as ready since its process started. */
    READY,
    /** Its process died and will be started again. */
    WAITING,
    /** It was stopped on purpose and stays so until it is started. */
    STOPPED,
    /** Its process died and nobody starts it again. */
    DEAD
}
