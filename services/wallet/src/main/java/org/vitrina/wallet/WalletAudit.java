package org.vitrina.wallet;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.vitrina.runtime.Audit;
import org.vitrina.runtime.AuditGauge;

/**
 * Adds up the books: that every wallet holds what its entries say, that every debit that stands has its entry, and that all
 * accounts together are zero. In pieces of so many users, so that no statement is long; of what is old it reads {@linkplain
 * BooksCount sums}, so that it takes no longer with the years.
 */
@Singleton
class WalletAudit extends Audit<WalletAuditReport> {
    private static final int PIECE = 1_000;

    private final WalletRepository repository;

    WalletAudit(WalletRepository repository, AuditGauge gauge, WalletConfig config) {
        super(gauge, config.auditEvery());
        this.repository = repository;
    }

    @Override
    protected Uni<WalletAuditReport> report() {
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
                .map(tombstones -> WalletAuditReport.of(round.books, tombstones));
    }

    /** What the pieces of one audit have added up to so far; they come one after the other. */
    private static final class Round {
        private LedgerTotals books = LedgerTotals.NONE;
    }
}
