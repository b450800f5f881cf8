package org.vitrina.wallet;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.runtime.AuditReport;

/**
 * What an audit of all wallets added up; amounts with two decimals, negative ones too.
 *
 * @param consistent whether everything agrees
 * @param balance what all users together can spend
 * @param opening balance of the house account from which wallets had their first money
 * @param topUps balance of the house account from which top-ups come
 * @param sales balance of the house account to which orders pay
 * @param sum of all accounts, users' and house's: zero
 * @param debits how many stand
 * @param refunds how many debits were given back
 * @param tombstones how many cancellations keep out a debit that never was
 * @param findings what does not agree, a sentence each
 */
@Schema(name = "AuditReport")
record WalletAuditReport(
        boolean consistent,
        long wallets,
        long entries,
        @Schema(examples = "495000.00") String balance,
        @Schema(examples = "-500000.00") String opening,
        @Schema(examples = "0.00") String topUps,
        @Schema(examples = "5000.00") String sales,
        @Schema(examples = "0.00") String sum,
        long debits,
        long refunds,
        long tombstones,
        List<String> findings)
        implements AuditReport {
    static WalletAuditReport of(LedgerTotals books, long tombstones) {
        BigDecimal sum = books.balance()
                .subtract(books.opening())
                .subtract(books.topUps())
                .subtract(books.sales());
        List<String> findings = new ArrayList<>(books.findings());
        if (sum.signum() != 0) {
            findings.add("all accounts together are " + text(sum) + ", not zero");
        }
        return new WalletAuditReport(
                findings.isEmpty(),
                books.wallets(),
                books.entries(),
                text(books.balance()),
                text(books.opening().negate()),
                text(books.topUps().negate()),
                text(books.sales().negate()),
                text(sum),
                books.standing(),
                books.givenBack(),
                tombstones,
                List.copyOf(findings));
    }

    private static String text(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.UNNECESSARY).toPlainString();
    }
}
