package org.vitrina.orders.upstream;

import org.vitrina.core.ErrorCode;

/** Why an order is rejected. The slug is kept with the order. */
@SuppressWarnings("ImmutableEnumChecker") // an error code is a record of immutable values
public enum RejectionReason {
    INSUFFICIENT_FUNDS(
            new ErrorCode("insufficient-funds", 402, false, "Not enough money"),
            "The wallet does not hold the total of this order."),
    OUT_OF_STOCK(new ErrorCode("out-of-stock", 409, false, "Not enough stock"), "There is not enough stock"),
    RESERVATION_GONE(
            new ErrorCode("reservation-gone", 409, false, "The reservation ran out"),
            "The reservation ran out before it could be made final, and the stock is sold. The money is given back."),
    NOT_IN_TIME(
            new ErrorCode("order-not-completed", 409, true, "The order was not completed in time"),
            "The order could not be completed within the time that it had. Nothing was taken; order again."),
    NOT_POSSIBLE(
            new ErrorCode("order-refused", 409, false, "The order was refused"),
            "Wallet or inventory refused a part of this order.");

    private final ErrorCode code;
    private final String detail;

    RejectionReason(ErrorCode code, String detail) {
        this.code = code;
        this.detail = detail;
    }

    public ErrorCode code() {
        return code;
    }

    /** As it is kept: the stable end of the problem type. */
    public String slug() {
        return code.slug();
    }

    /** The sentence for the buyer. */
    public String detail(String about) {
        if (this != OUT_OF_STOCK) {
            return detail;
        }
        return about.isEmpty() ? detail + "." : detail + " of product " + about.replace(",", ", ") + ".";
    }

    /** The one whose slug was kept; one of another release reads as the general one. */
    public static RejectionReason of(String slug) {
        for (RejectionReason refusal : values()) {
            if (refusal.slug().equals(slug)) {
                return refusal;
            }
        }
        return NOT_POSSIBLE;
    }
}
