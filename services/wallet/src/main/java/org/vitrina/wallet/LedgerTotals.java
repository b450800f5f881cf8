package org.vitrina.wallet;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the books of some wallets add up to.
 *
 * @param lastUser the highest user id among them, 0 where there are none
 * @param opening what wallets began with
 * @param sales what orders took, as a negative amount, less what was given back
 * @param standing debits that were not given back
 * @param findings what does not agree, a sentence each
 */
record LedgerTotals(
        long wallets,
        int lastUser,
        long entries,
        BigDecimal balance,
        BigDecimal opening,
        BigDecimal topUps,
        BigDecimal sales,
        long standing,
        long givenBack,
        List<String> findings) {
    static final LedgerTotals NONE = new LedgerTotals(
            0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, 0, 0, List.of());

    /** A row of the repository's query. */
    static LedgerTotals of(@Nullable Object[] row) {
        List<String> findings = new ArrayList<>();
        lines(row[9], findings);
        lines(row[10], findings);
        return new LedgerTotals(
                number(row[0]).longValue(),
                number(row[1]).intValue(),
                number(row[2]).longValue(),
                number(row[3]),
                number(row[4]),
                number(row[5]),
                number(row[6]),
                number(row[7]).longValue(),
                number(row[8]).longValue(),
                findings);
    }

    /** These and the books of users with higher ids together. */
    LedgerTotals and(LedgerTotals next) {
        List<String> all = new ArrayList<>(findings);
        all.addAll(next.findings);
        return new LedgerTotals(
                wallets + next.wallets,
                Math.max(lastUser, next.lastUser),
                entries + next.entries,
                balance.add(next.balance),
                opening.add(next.opening),
                topUps.add(next.topUps),
                sales.add(next.sales),
                standing + next.standing,
                givenBack + next.givenBack,
                all);
    }

    private static BigDecimal number(@Nullable Object column) {
        return new BigDecimal(String.valueOf(column));
    }

    private static void lines(@Nullable Object column, List<String> into) {
        if (column != null) {
            column.toString().lines().forEach(into::add);
        }
    }
}
