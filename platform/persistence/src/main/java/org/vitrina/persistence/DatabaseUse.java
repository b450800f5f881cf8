package org.vitrina.persistence;

/** Whether the service works with its database at all. A service with a mode that does not has a bean of this type. */
public interface DatabaseUse {
    /** False when the service neither waits for its database nor is unready without it. */
    boolean needed();
}
