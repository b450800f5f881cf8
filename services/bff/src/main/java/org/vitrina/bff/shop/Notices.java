package org.vitrina.bff.shop;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a form has done is told on the page that it leads to: by a code in the address, never by a text in it. */
final class Notices {
    private static final Pattern BACK = Pattern.compile("/(?![/\\\\])[A-Za-z0-9/_.,?=&%+-]{0,500}");

    /** What an address says of the form that led to it. */
    private static final Set<String> OF_A_FORM = Set.of("told", "form");

    private Notices() {}

    static Frame.@Nullable Notice of(Visit visit) {
        if (visit.told() == null) {
            return null;
        }
        Messages words = visit.words();
        return switch (visit.told()) {
            case "added" -> good(words.toldAdded());
            case "was-in-cart" -> calm(words.toldWasInCart());
            case "cart-saved" -> good(words.toldCartSaved());
            case "liked" -> good(words.toldLiked());
            case "unliked" -> good(words.toldUnliked());
            case "placed" -> good(words.toldPlaced());
            case "pending" -> calm(words.toldPending());
            case "put-back" -> good(words.toldPutBack());
            case "other-customer" -> bad(words.toldOtherCustomer());
            case "placed-before" -> calm(words.toldPlacedBefore());
            case "key-used" -> calm(words.toldKeyUsed());
            case "topped-up" -> good(words.toldToppedUp());
            case "topped-up-before" -> calm(words.toldToppedUpBefore());
            case "cancelled" -> good(words.toldCancelled());
            case "cancelling" -> calm(words.toldCancelling());
            case "insufficient-funds" -> bad(words.toldNoMoney());
            case "out-of-stock" -> bad(words.toldOutOfStock());
            case "price-changed" -> bad(words.toldPriceChanged());
            case "unknown-product" -> bad(words.unsold());
            case "orders-changed" -> bad(words.toldOrdersChanged());
            case "not-done" -> bad(words.toldNotDone());
            case "unknown" -> calm(words.toldUnknown());
            case "asked-before" -> calm(words.toldAskedBefore());
            case "kept" -> good(words.toldKept());
            case "kept-changed" -> bad(words.toldKeptChanged());
            case "below-reserved" -> bad(words.toldBelowReserved());
            case "no-numbers" -> bad(words.toldNoNumbers());
            case "refused" -> bad(words.toldRefused());
            case "fault-on" -> calm(words.toldFaultOn());
            case "fault-off" -> good(words.toldFaultOff());
            case "fault-not" -> bad(words.toldFaultNot());
            case "experiment" -> good(words.toldExperiment());
            case "experiment-not" -> bad(words.toldExperimentNot());
            default -> null;
        };
    }

    /** What to tell of a write that was not done. */
    static String code(Outcome outcome) {
        return switch (outcome.kind()) {
            case DONE -> "cart-saved";
            case NOT_DONE -> "not-done";
            case UNKNOWN -> "unknown";
            case REFUSED ->
                switch (outcome.slug()) {
                    case "insufficient-funds", "out-of-stock", "price-changed", "unknown-product", "orders-changed" ->
                        outcome.slug();
                    default -> "refused";
                };
        };
    }

    /** A path of ours to go back to; {@code /} where {@code path} is none. */
    static String back(String path) {
        return BACK.matcher(path).matches() ? without(path) : "/";
    }

    /** The same, telling that. */
    static String back(String path, String code) {
        String plain = back(path);
        return plain + (plain.indexOf('?') < 0 ? '?' : '&') + "told=" + code;
    }

    /** The same path, telling nothing. */
    static String without(String path) {
        return without(path, OF_A_FORM);
    }

    /** The same path without these parameters. */
    static String without(String path, Set<String> names) {
        int query = path.indexOf('?');
        if (query < 0) {
            return path;
        }
        String kept = Arrays.stream(path.substring(query + 1).split("&", -1))
                .filter(each -> !each.isEmpty() && !names.contains(each.split("=", 2)[0]))
                .collect(Collectors.joining("&"));
        return kept.isEmpty() ? path.substring(0, query) : path.substring(0, query + 1) + kept;
    }

    private static Frame.Notice good(String text) {
        return new Frame.Notice("good", text);
    }

    private static Frame.Notice calm(String text) {
        return new Frame.Notice("calm", text);
    }

    private static Frame.Notice bad(String text) {
        return new Frame.Notice("bad", text);
    }
}
