package org.vitrina.products;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** What somebody types to find a product, as a query of PostgreSQL: each word is the beginning of one in the name. */
final class SearchWords {
    static final int MAX_LENGTH = 100;

    /** Each word is a look-up of its own in the index. */
    static final int MAX_WORDS = 10;

    /** Nothing else reaches the query, so that it has none of its operators. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{Nd}]+");

    private SearchWords() {}

    /**
     * The query for {@code to_tsquery}; empty, which finds nothing, where the text has no letter and no digit.
     *
     * @throws ProblemException 400 if the text is too long
     */
    static String tsquery(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST, "q may have at most " + MAX_LENGTH + " characters: search by fewer words.");
        }
        Set<String> words = new LinkedHashSet<>();
        Matcher found = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (words.size() < MAX_WORDS && found.find()) {
            words.add(found.group());
        }
        return words.stream().map(SearchWords::anyCase).collect(Collectors.joining(" & "));
    }

    /** A database without a locale (C) makes only ASCII letters small. */
    private static String anyCase(String word) {
        if (word.chars().allMatch(each -> each < 128)) {
            return beginning(word);
        }
        int first = word.offsetByCodePoints(0, 1);
        return Stream.of(
                        word,
                        word.substring(0, first).toUpperCase(Locale.ROOT) + word.substring(first),
                        word.toUpperCase(Locale.ROOT))
                .distinct()
                .map(SearchWords::beginning)
                .collect(Collectors.joining(" | ", "(", ")"));
    }

    private static String beginning(String word) {
        return "'" + word + "':*";
    }
}
