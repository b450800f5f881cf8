package org.vitrina.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.migrations.Migrations;
import org.vitrina.servers.PostgresServer;

/** The way back is a way: each change set can be undone and made again. */
class ChangeLogTest {
    @Test
    void goesBackAndForthChangeSetByChangeSet() {
        DatabaseAddress database = PostgresServer.shared().createDatabase("wallet_back_and_forth");
        Migrations migrations = Migrations.of(database, Path.of("src/main/resources/db/changelog"))
                .withContexts(Set.of(Migrations.DEMO));
        int all = migrations.up().changeSets().size();

        for (int back = 1; back <= all; back++) {
            assertThat(migrations.down(back).changeSets()).hasSize(back);
            assertThat(migrations.up().changeSets()).hasSize(back);
        }
    }
}
