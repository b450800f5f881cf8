package org.vitrina.contracts;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The services whose contract the kit knows; a further one is a class of its own and a line here. */
public final class Contracts {
    private static final List<ServiceContract> ALL = List.of(
            new CartContract(),
            new FavoritesContract(),
            new InventoryContract(),
            new NotificationsContract(),
            new ProductsContract(),
            new WalletContract());

    private Contracts() {}

    /** The rules of a service, in the order in which they are judged; empty where it is not known. */
    public static List<Rule> rules(String service) {
        return of(service).map(ServiceContract::rules).orElse(List.of());
    }

    static Optional<ServiceContract> of(String service) {
        return ALL.stream().filter(one -> one.name().equals(service)).findFirst();
    }

    static String names() {
        return ALL.stream().map(ServiceContract::name).collect(Collectors.joining(", "));
    }
}
