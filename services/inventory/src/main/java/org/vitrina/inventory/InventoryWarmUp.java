package org.vitrina.inventory;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.web.WarmUp;

/** Reads and writes a level before the service is ready; nothing where levels are simulated, which takes its time on purpose. */
@ApplicationScoped
class InventoryWarmUp extends WarmUp {
    private static final int ANY_PRODUCT = 1;

    private final InventoryService inventory;
    private final boolean simulated;
    private final ObjectMapper json;

    InventoryWarmUp(InventoryService inventory, InventoryConfig config, ObjectMapper json) {
        this.inventory = inventory;
        this.simulated = config.mode() == Mode.SIMULATED;
        this.json = json;
    }

    @Override
    public String name() {
        return "levels";
    }

    @Override
    protected Uni<?> work() {
        return simulated
                ? Uni.createFrom().voidItem()
                : inventory.levels(List.of(ANY_PRODUCT)).invoke(Unchecked.consumer(json::writeValueAsBytes));
    }
}
