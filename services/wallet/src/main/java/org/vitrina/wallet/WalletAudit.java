package org.vitrina.wallet;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.vitrina.web.AuditGauge;
import org.vitrina.web.Recurring;

/**
 * Adds up the books: that every wallet holds what its entries say, that every debit that stands has its entry, and that all
 * accounts together are zero. In pieces, so that no statement is long, however large the ledger.
 */
@ApplicationScoped
class WalletAudit implements Recurring {
    private static final Logger LOG = Logger.getLogger(WalletAudit.class);
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
    public Uni<AuditReport> work() {
        AtomicReference<Books> soFar = new AtomicReference<>(Books.NONE);
        return Multi.createBy()
                .repeating()
                .uni(() -> repository.books(soFar.get().lastUser(), PIECE))
                .whilst(piece -> piece.wallets() == PIECE)
                .onItem()
                .invoke(piece -> soFar.set(soFar.get().and(piece)))
                .onItem()
                .ignoreAsUni()
                .chain(repository::tombstones)
                .map(tombstones -> AuditReport.of(soFar.get(), tombstones))
                .invoke(this::tell);
    }

    private void tell(AuditReport report) {
        gauge.found(report.findings().size());
        if (!report.consistent()) {
            LOG.errorf("The books do not agree: %s", report.findings());
        }
    }
}
