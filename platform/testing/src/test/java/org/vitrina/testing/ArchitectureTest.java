package org.vitrina.testing;

import org.junit.jupiter.api.Test;
import org.vitrina.migrations.Migrations;

/** The rules for this module, and for the migrations, which cannot depend on it. */
class ArchitectureTest {
    @Test
    void keepsTheModuleRules() {
        ModuleRules.check(ArchitectureTest.class);
    }

    @Test
    void theMigrationsKeepTheModuleRules() {
        ModuleRules.check(Migrations.class);
    }
}
