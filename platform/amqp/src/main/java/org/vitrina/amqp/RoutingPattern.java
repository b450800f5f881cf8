package org.vitrina.amqp;

/**
 * Whether a topic exchange hands a message on: words between dots, {@code *} for one of them, {@code #} for any number (AMQP
 * 0-9-1, section 3.1.3.3).
 */
final class RoutingPattern {
    private RoutingPattern() {}

    static boolean matches(String pattern, String routingKey) {
        return matches(pattern.split("\\.", -1), 0, routingKey.split("\\.", -1), 0);
    }

    private static boolean matches(String[] pattern, int at, String[] words, int word) {
        if (at == pattern.length) {
            return word == words.length;
        }
        if (pattern[at].equals("#")) {
            return matches(pattern, at + 1, words, word)
                    || (word < words.length && matches(pattern, at, words, word + 1));
        }
        return word < words.length
                && (pattern[at].equals("*") || pattern[at].equals(words[word]))
                && matches(pattern, at + 1, words, word + 1);
    }
}
