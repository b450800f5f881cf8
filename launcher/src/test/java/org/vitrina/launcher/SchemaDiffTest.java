package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The form of a draft; what is in it is compared with a real database in e2e. */
class SchemaDiffTest {
    @Test
    void hasAWayBackInTheOtherOrder() {
        assertThat(
                        SchemaDiff.draft(
                                "0005",
                                List.of(
                                        "create table colour (id integer not null, primary key (id))",
                                        "alter table if exists product add column colour_id integer",
                                        "alter table if exists product add constraint fk foreign key (colour_id) references colour")))
                .isEqualTo(
                        """
                        --liquibase formatted sql

                        --changeset vitrina:0005-draft
                        -- Drafted from the entities: give it its name, then read it. Checks, defaults, types that changed and what is gone are not in it.
                        create table colour (id integer not null, primary key (id));
                        alter table if exists product add column colour_id integer;
                        alter table if exists product add constraint fk foreign key (colour_id) references colour;
                        --rollback the way back of: alter table if exists product add constraint fk foreign key (colour_id) references colour
                        --rollback ALTER TABLE product DROP COLUMN colour_id;
                        --rollback DROP TABLE colour;
                        """);
    }
}
