package org.vitrina.bff.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.qute.i18n.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesTest {
    @ParameterizedTest
    @MethodSource("bundles")
    void everyWordIsThereInRussianAndNamesTheSameValues(String file, Class<?> words) throws IOException {
        Properties russian = new Properties();
        try (InputStream stream = words.getResourceAsStream(file);
                Reader reader = new InputStreamReader(Objects.requireNonNull(stream), StandardCharsets.UTF_8)) {
            russian.load(reader);
        }
        Set<String> keys =
                Arrays.stream(words.getMethods()).map(Method::getName).collect(Collectors.toSet());

        assertThat(russian.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(keys);
        for (Method message : words.getMethods()) {
            String english = message.getAnnotation(Message.class).value();
            assertThat(values(russian.getProperty(message.getName())))
                    .as(message.getName())
                    .isEqualTo(values(english));
        }
    }

    static Stream<Arguments> bundles() {
        return Stream.of(
                Arguments.of("/messages/msg_ru.properties", Messages.class),
                Arguments.of("/messages/ops_ru.properties", OpsMessages.class));
    }

    private static Set<String> values(String text) {
        return Pattern.compile("\\{[a-z]+}")
                .matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
