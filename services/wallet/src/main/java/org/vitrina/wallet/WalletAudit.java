package org.vitrina.wallet;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.vitrina.runtime.AuditGauge;
import org.vitrina.runtime.RecurringTask;

/**
 * Adds up the books: that every wallet holds what its entries say, that every debit that stands has its entry, and that all
 * accounts together are zero. In pieces, so that no statement is long, however large the ledger.
 */
@ApplicationScoped
class WalletAudit implements RecurringTask {
    private static final Logger LOG = Logger.getLogger(WalletAudit.class);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int PIECE = 1_000;

    private final WalletRepository repository;
    private final AuditGauge gauge;
    private final Duration every;

    WalletAudit(WalletRepository repository, AuditGauge gauge, WalletConfig config) {
        this.repository = repository;
        this.gauge = gauge;
        this.every = config.auditEvery();
    }

    @Override
    public String name() {
        return "the audit of wallets";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Duration limit() {
        return LONG;
    }

    @Override
    public Uni<AuditReport> work() {
        Round round = new Round();
        return Multi.createBy()
                .repeating()
                .uni(() -> repository.books(round.books.lastUser(), PIECE))
                .whilst(piece -> piece.wallets() == PIECE)
                .onItem()
                .invoke(piece -> round.books = round.books.and(piece))
                .onItem()
                .ignoreAsUni()
                .chain(repository::tombstones)
                .map(tombstones -> AuditReport.of(round.books, tombstones))
                .invoke(this::tell);
    }

    /** What the pieces of one audit have added up to so far; they come one after the other. */
    private static final class Round {
        private LedgerTotals books = LedgerTotals.NONE;
    }

    private void tell(AuditReport report) {
        gauge.found(report.findings().size());
        if (!report.consistent()) {
            LOG.errorf("The books do not agree: %s", report.findings());
        }
    }
}
