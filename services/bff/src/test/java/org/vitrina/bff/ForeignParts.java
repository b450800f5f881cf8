package org.vitrina.bff;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.http.FakeService.Request;

/** Services that are not ours, whose parts are declared: a program of another team, and scripted ones. */
public class ForeignParts implements QuarkusTestResourceLifecycleManager {
    /** Fills the fields of this type in a test. */
    public record Services(
            @Nullable RatingsProgram ratings, FakeService badges, FakeService points, FakeService taxes) {
        void heal() {
            badges.answer(
                    list(id -> "{\"id\":\"" + id + "\",\"words\":[\"new\",\"" + id + "\"],\"more\":{\"a\":[1]}}"));
            points.answer(Answer.json("{\"of\":3,\"points\":120}"));
            taxes.answer(list(id -> "{\"product_id\":" + id + ",\"tax\":true}"));
            List.of(badges, points, taxes).forEach(FakeService::forget);
        }
    }

    final Services services = new Services(
            RatingsProgram.started(),
            FakeService.answering(Answer.HANGS),
            FakeService.answering(Answer.HANGS),
            FakeService.answering(Answer.HANGS));

    @Override
    public Map<String, String> start() {
        services.heal();
        Map<String, String> settings = new HashMap<>();
        String ratings = services.ratings() == null
                ? "http://127.0.0.1:1"
                : services.ratings().url();
        settings.put("vitrina.page.parts.rating.url", ratings + "/ratings?product_ids={ids}");
        settings.put("vitrina.page.parts.rating.key", "product_id");
        settings.put("vitrina.page.parts.rating.label", "Rating");
        settings.put("vitrina.page.parts.rating.label-ru", "Оценка");
        settings.put("vitrina.page.parts.rating.ttl", "400ms");
        settings.put("vitrina.page.parts.rating.max-stale", "5s");
        settings.put("vitrina.page.parts.badge.url", services.badges().url() + "/badges/{ids}?a=b");
        settings.put("vitrina.page.parts.badge.key", "id");
        settings.put("vitrina.page.parts.badge.value", "words");
        settings.put("vitrina.page.parts.points.url", services.points().url() + "/users/{user}/points");
        settings.put("vitrina.page.parts.tax.url", services.taxes().url() + "?ids={ids}");
        settings.put("vitrina.page.parts.tax.key", "product_id");
        settings.put("vitrina.page.parts.tax.required", "true");
        for (String part : List.of("rating", "badge", "points", "tax")) {
            settings.put("vitrina.page.parts." + part + ".hedge-after", "1m");
            settings.put("vitrina.page.parts." + part + ".reset-interval", "500ms");
            settings.put("vitrina.page.parts." + part + ".retries-per-second", "200");
        }
        for (String part : List.of("badge", "tax")) {
            // each test its own answer
            settings.put("vitrina.page.parts." + part + ".ttl", "1ms");
            settings.put("vitrina.page.parts." + part + ".max-stale", "0s");
        }
        return settings;
    }

    /** An object for each product that is asked for. */
    static Function<Request, Answer> list(Function<String, String> object) {
        return request -> Answer.json(Arrays.stream(request.target()
                        .replaceAll("^.*?([0-9][0-9,]*).*$", "$1")
                        .split(",", -1))
                .map(object)
                .collect(Collectors.joining(",", "[", "]")));
    }

    @Override
    public void stop() {
        List.of(services.badges(), services.points(), services.taxes()).forEach(FakeService::close);
        if (services.ratings() != null) {
            services.ratings().close();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(services, new TestInjector.MatchesType(Services.class));
    }
}
