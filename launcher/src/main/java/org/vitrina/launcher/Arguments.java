package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of a command.
 *
 * @param directory where this instance's data, logs and run state are
 * @param only empty for all parts
 * @param rest what is no option
 */
record Arguments(Path directory, boolean fresh, int portOffset, List<String> only, List<String> rest) {

    /** The command line cannot be understood. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String sentence) {
            super(sentence);
        }
    }

    static Arguments parse(Path project, List<String> words) {
        boolean fresh = false;
        int offset = 0;
        List<String> only = List.of();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "--fresh" -> fresh = true;
                case "--port-offset" -> offset = number(word, valueAfter(words, i++));
                case "--only" -> only = List.of(valueAfter(words, i++).split(",", -1));
                default -> {
                    if (word.startsWith("-")) {
                        throw new UsageException("There is no option '" + word + "' here.");
                    }
                    rest.add(word);
                }
            }
        }
        Path base = Optional.ofNullable(System.getenv("VITRINA_DIR"))
                .map(Path::of)
                .orElse(project.resolve(".vitrina"))
                .toAbsolutePath()
                .normalize();
        return new Arguments(offset == 0 ? base : base.resolve("offset-" + offset), fresh, offset, only, rest);
    }

    private static String valueAfter(List<String> words, int index) {
        if (index + 1 >= words.size()) {
            throw new UsageException("'" + words.get(index) + "' needs a value after it.");
        }
        return words.get(index + 1);
    }

    private static int number(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= 45_000) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException("'" + option + "' needs a number from 0 to 45000, not '" + value + "'.");
    }
}
