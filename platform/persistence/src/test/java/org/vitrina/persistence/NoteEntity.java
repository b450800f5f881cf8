package org.vitrina.persistence;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row for the tests. */
@Entity
@Table(name = "note")
class NoteEntity {
    @Id
    int id;

    String text = "";
}
