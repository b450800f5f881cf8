package org.vitrina.identity;

import org.junit.jupiter.api.Test;
import org.vitrina.testing.ModuleRules;

class ArchitectureTest {
    @Test
    void keepsTheModuleRules() {
        ModuleRules.check(ArchitectureTest.class);
    }
}
