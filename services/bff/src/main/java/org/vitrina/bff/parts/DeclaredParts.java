package org.vitrina.bff.parts;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.PageConfig;
import org.vitrina.bff.upstream.LoadBudget;
import org.vitrina.cache.Caches;
import org.vitrina.client.Upstreams;

/** All declared parts, in the order of their names; made at the start, which fails with all that is wrong with them. */
@Startup
@ApplicationScoped
public class DeclaredParts {
    private static final Logger LOG = Logger.getLogger("org.vitrina.configuration");

    private final List<ProductPart> ofProducts = new ArrayList<>();
    private final List<UserPart> ofUser = new ArrayList<>();

    DeclaredParts(PageConfig page, BffConfig bff, Upstreams upstreams, Caches caches, LoadBudget budget) {
        Map<String, PageConfig.Part> parts = new TreeMap<>(page.parts());
        List<String> problems =
                PartRules.problems(parts, bff.budget(), bff.products().timeout());
        if (!problems.isEmpty()) {
            problems.forEach(LOG::error);
            throw new ConfigurationException("Declared parts of the page: " + String.join("; ", problems));
        }
        parts.forEach((name, part) -> {
            PartUrl url = PartUrl.parse(part.url());
            switch (url.kind()) {
                case PRODUCTS -> ofProducts.add(new ProductPart(name, part, url, upstreams, caches, budget));
                case USER -> ofUser.add(new UserPart(name, part, url, upstreams));
            }
        });
    }

    public List<ProductPart> ofProducts() {
        return ofProducts;
    }

    public List<UserPart> ofUser() {
        return ofUser;
    }
}
