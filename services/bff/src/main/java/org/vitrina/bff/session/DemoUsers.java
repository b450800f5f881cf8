package org.vitrina.bff.session;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.vitrina.bff.SessionConfig;
import org.vitrina.identity.Roles;

/** Who can be chosen where signing in is a demonstration. */
@Singleton
public class DemoUsers {
    private final SessionConfig.DemoConfig config;

    DemoUsers(SessionConfig config) {
        this.config = config.demo();
    }

    public List<Integer> customers() {
        return config.customers();
    }

    public int admin() {
        return config.admin();
    }

    public int operator() {
        return config.operator();
    }

    /** The roles of the user with this id; none for a customer. */
    public Set<String> roles(int user) {
        return user == config.admin()
                ? Set.of(Roles.ADMIN)
                : user == config.operator() ? Set.of(Roles.OPERATOR) : Set.of();
    }
}
