package org.vitrina.bff;

import java.util.Map;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.identity.TestProvider;

/**
 * The same services, before a BFF whose visitors a provider signs in ({@code vitrina.auth=oidc}). The provider is away while the
 * BFF starts.
 */
public class OidcBacks extends Backs {
    private final TestProvider provider = new TestProvider();

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        settings.put("vitrina.auth", "oidc");
        settings.put("vitrina.identity.issuer", provider.url());
        settings.put("vitrina.identity.user-claim", "user_id");
        settings.put("vitrina.identity.roles-claim", "realm_access/roles");
        settings.put("vitrina.identity.client-id", TestProvider.CLIENT);
        settings.put("vitrina.identity.client-secret", TestProvider.SECRET);
        settings.put("vitrina.session.keys", DemoBacks.KEY);
        settings.put("vitrina.session.redis-url", RedisServer.shared().url());
        settings.put("vitrina.session.redis-timeout", "1s");
        settings.put("vitrina.session.limits.sign-in", "100000");
        settings.put("vitrina.session.limits.user", "100000");
        settings.put("vitrina.session.limits.address", "100000");
        return settings;
    }

    @Override
    public void stop() {
        super.stop();
        provider.close();
    }

    @Override
    public void inject(TestInjector injector) {
        super.inject(injector);
        injector.injectIntoFields(provider, new TestInjector.MatchesType(TestProvider.class));
    }
}
