--liquibase formatted sql

--changeset vitrina:0001-wallet
-- What a user can spend. A user without a row has 0.00: every user id has a wallet.
-- Room in the pages, so that a new balance needs no new index entry.
CREATE TABLE wallet (
    user_id INTEGER PRIMARY KEY CHECK (user_id > 0),
    balance NUMERIC(14, 2) NOT NULL CHECK (balance >= 0)
) WITH (fillfactor = 80);

-- The double entries, both halves in one row: the user's account gains the amount, one of the store's own loses as much (or
-- the reverse where it is negative). No entry can be half a one, so the sum over all accounts is zero by construction, and
-- nothing has to be deferred to the end of a transaction to check it. That balances agree with it is the audit's.
-- The house accounts: opening (what wallets began with), top-ups (paid in), sales (paid for orders). Their balances are kept
-- nowhere but here: a row for each would be a lock that every order waits for, and so would a foreign key to one.
CREATE TABLE ledger_entry (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       INTEGER NOT NULL REFERENCES wallet,
    house_account TEXT NOT NULL CHECK (house_account IN ('opening', 'top-ups', 'sales')),
    amount        NUMERIC(14, 2) NOT NULL CHECK (amount <> 0),
    order_id      UUID,
    booked_at     TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT sales_are_orders CHECK ((house_account = 'sales') = (order_id IS NOT NULL)),
    CONSTRAINT only_orders_take CHECK (amount > 0 OR house_account = 'sales')
);
CREATE INDEX ledger_entry_by_user ON ledger_entry (user_id, id);
-- An order takes at most once and gives back at most once, whatever a program gets wrong.
CREATE UNIQUE INDEX ledger_entry_once ON ledger_entry (order_id, (amount > 0)) WHERE order_id IS NOT NULL;

-- One row an order: what it took; or, cancelled without an amount, a tombstone that keeps a late debit out.
CREATE TABLE debit (
    order_id     UUID PRIMARY KEY,
    user_id      INTEGER NOT NULL CHECK (user_id > 0),
    amount       NUMERIC(14, 2) CHECK (amount >= 0),
    made_at      TIMESTAMPTZ NOT NULL DEFAULT now(),
    cancelled_at TIMESTAMPTZ,
    CONSTRAINT taken_or_cancelled CHECK (amount IS NOT NULL OR cancelled_at IS NOT NULL)
);
CREATE INDEX debit_by_user ON debit (user_id);
CREATE INDEX debit_tombstones ON debit (cancelled_at) WHERE amount IS NULL;
--rollback DROP TABLE debit; DROP TABLE ledger_entry; DROP TABLE wallet;
