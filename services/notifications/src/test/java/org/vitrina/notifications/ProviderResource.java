package org.vitrina.notifications;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Gives the test a {@link FakeProvider}; a field of that type is set. */
public final class ProviderResource implements QuarkusTestResourceLifecycleManager {
    private final FakeProvider provider = new FakeProvider();

    @Override
    public Map<String, String> start() {
        return Map.ofEntries(
                Map.entry("vitrina.notifications.sms-gateway.url", provider.url()),
                Map.entry("vitrina.notifications.sms-gateway.timeout", "500ms"),
                Map.entry("vitrina.notifications.sms-gateway.reset-interval", "200ms"),
                Map.entry("vitrina.notifications.first-pause", "20ms"),
                Map.entry("vitrina.notifications.longest-pause", "200ms"),
                Map.entry("vitrina.notifications.poll", "50ms"),
                Map.entry("vitrina.queues.first-pause", "20ms"),
                Map.entry("vitrina.queues.longest-pause", "50ms"),
                Map.entry("vitrina.queues.poll", "50ms"),
                Map.entry("vitrina.broker.longest-pause", "500ms"),
                Map.entry("vitrina.outbox.poll", "100ms"));
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(provider, new TestInjector.MatchesType(FakeProvider.class));
    }

    @Override
    public void stop() {}
}
