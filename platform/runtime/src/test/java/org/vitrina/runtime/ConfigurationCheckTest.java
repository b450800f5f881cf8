package org.vitrina.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hibernate.validator.HibernateValidator;
import org.junit.jupiter.api.Test;

class ConfigurationCheckTest {
    private static final Validator VALIDATOR = Validation.byProvider(HibernateValidator.class)
            .configure()
            .defaultLocale(Locale.ENGLISH)
            .buildValidatorFactory()
            .getValidator();

    /** Settings with and without default, and a group of the same; without the annotation, by which Quarkus would find it. */
    public interface ShopConfig {
        @WithDefault("1s")
        Duration budget();

        URI url();

        @WithDefault("3")
        @Min(1)
        @Max(10)
        int tries();

        Calls calls();

        interface Calls {
            @WithDefault("20")
            @Min(1)
            int window();
        }
    }

    private final List<String> added = new ArrayList<>();

    private List<String> problems(String... keysAndValues) {
        Map<String, String> given = new java.util.HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        var builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withValidator((BeanValidationConfigValidator) () -> VALIDATOR)
                .withMapping(ShopConfig.class, "demo.shop")
                .withSources(new PropertiesConfigSource(given, "given", 300))
                .withCustomizers(new ConfigurationCheck(added::add));
        ConfigValidationException refused = catchThrowableOfType(ConfigValidationException.class, builder::build);
        List<String> problems = new ArrayList<>();
        for (int i = 0; refused != null && i < refused.getProblemCount(); i++) {
            problems.add(refused.getProblem(i).getMessage());
        }
        return problems;
    }

    @Test
    void tellsBoundsBesideWhatCannotBeRead() {
        assertThat(problems(
                        "demo.shop.url", "http://shop",
                        "demo.shop.budget", "soon",
                        "demo.shop.tries", "99",
                        "demo.shop.calls.window", "0"))
                .singleElement()
                .asString()
                .contains("demo.shop.budget");
        assertThat(added)
                .containsExactly(
                        "demo.shop.calls.window must be greater than or equal to 1",
                        "demo.shop.tries must be less than or equal to 10");
    }

    @Test
    void tellsThemToWhereWhatCannotBeReadHasNoDefaultOrIsMissing() {
        assertThat(problems("demo.shop.url", "not a url", "demo.shop.tries", "99"))
                .hasSize(1);
        assertThat(added).containsExactly("demo.shop.tries must be less than or equal to 10");
        added.clear();
        assertThat(problems("demo.shop.tries", "99")).hasSize(1);
        assertThat(added).containsExactly("demo.shop.tries must be less than or equal to 10");
    }

    @Test
    void saysNothingOfItsOwnWhereSmallRyeTellsAll() {
        assertThat(problems("demo.shop.url", "http://shop", "demo.shop.tries", "99"))
                .containsExactly("demo.shop.tries must be less than or equal to 10");
        assertThat(problems("demo.shop.url", "http://shop", "demo.shop.budget", "soon", "demo.shop.tries", "many"))
                .hasSize(2);
        assertThat(problems("demo.shop.url", "http://shop")).isEmpty();
        assertThat(added).isEmpty();
    }
}
