package org.vitrina.notifications;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Gives the test a {@link FakeProvider}; a field of that type is set. */
public final class ProviderResource implements QuarkusTestResourceLifecycleManager {
    private final FakeProvider provider = new FakeProvider();

    @Override
    public Map<String, String> start() {
        return Map.of(
                "vitrina.notifications.sms-gateway.url", provider.url(),
                "vitrina.notifications.sms-gateway.timeout", "500ms",
                "vitrina.notifications.first-pause", "20ms",
                "vitrina.notifications.longest-pause", "200ms",
                "vitrina.notifications.poll", "50ms",
                "vitrina.queues.first-pause", "20ms",
                "vitrina.queues.longest-pause", "50ms",
                "vitrina.queues.poll", "50ms",
                "vitrina.broker.longest-pause", "500ms",
                "vitrina.outbox.poll", "100ms");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(provider, new TestInjector.MatchesType(FakeProvider.class));
    }

    @Override
    public void stop() {}
}
