package org.vitrina.bff.shop;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a form has done is told on the page that it leads to: by a code in the address, never by a text in it. */
final class Notices {
    private static final Pattern BACK = Pattern.compile("/(?![/\\\\])[A-Za-z0-9/_.,?=&%+-]{0,500}");
    private static final Pattern TOLD = Pattern.compile("([?&])told=[^&]*(&|$)");

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
            case "placed-before" -> calm(words.toldPlacedBefore());
            case "key-used" -> calm(words.toldKeyUsed());
            case "topped-up" -> good(words.toldToppedUp());
            case "topped-up-before" -> calm(words.toldToppedUpBefore());
            case "cancelled" -> good(words.toldCancelled());
            case "cancelling" -> calm(words.toldCancelling());
            case "insufficient-funds" -> bad(words.toldNoMoney());
            case "out-of-stock" -> bad(words.toldOutOfStock());
            case "price-changed" -> bad(words.toldPriceChanged());
            case "unknown-product" -> bad(words.toldUnknownProduct());
            case "orders-changed" -> bad(words.toldOrdersChanged());
            case "not-done" -> bad(words.toldNotDone());
            case "unknown" -> calm(words.toldUnknown());
            case "refused" -> bad(words.toldRefused());
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
        String plain = TOLD.matcher(path).replaceFirst("$1");
        return plain.endsWith("?") || plain.endsWith("&") ? plain.substring(0, plain.length() - 1) : plain;
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
