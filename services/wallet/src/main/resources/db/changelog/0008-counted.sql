--liquibase formatted sql

--changeset vitrina:0008-counted splitStatements:false labels:compatible
-- What the audit need not read again: what old entries and old debits add up to, by user. A debit that is counted there stays in
-- its table, as its order may be cancelled at any time, and is taken out of the sums then.
-- Who pays meanwhile waits behind a wait for the tables: so in short turns, however long an audit reads them.
DO $$
BEGIN
    PERFORM set_config('lock_timeout', '200ms', TRUE);
    FOR turn IN REVERSE 100..1 LOOP
        BEGIN
            LOCK TABLE debit, ledger_entry IN ACCESS EXCLUSIVE MODE;
            EXIT;
        EXCEPTION WHEN lock_not_available THEN
            IF turn = 1 THEN
                RAISE;
            END IF;
            PERFORM pg_sleep(1);
        END;
    END LOOP;
END $$;
ALTER TABLE debit ADD COLUMN counted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE ledger_entry ADD COLUMN counted BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE counted_books (
    user_id    INTEGER PRIMARY KEY,
    entries    BIGINT NOT NULL DEFAULT 0,
    opening    NUMERIC NOT NULL DEFAULT 0,
    top_ups    NUMERIC NOT NULL DEFAULT 0,
    sales      NUMERIC NOT NULL DEFAULT 0,
    standing   BIGINT NOT NULL DEFAULT 0,
    given_back BIGINT NOT NULL DEFAULT 0,
    taken      NUMERIC NOT NULL DEFAULT 0
);
--rollback DROP TABLE counted_books;
--rollback ALTER TABLE ledger_entry DROP COLUMN counted;
--rollback ALTER TABLE debit DROP COLUMN counted;

--changeset vitrina:0008-uncounted-entries runInTransaction:false labels:compatible
-- What the audit reads of the ledger.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ledger_entry_uncounted ON ledger_entry (user_id) WHERE NOT counted;
--rollback DROP INDEX ledger_entry_uncounted;

--changeset vitrina:0008-uncounted-debits runInTransaction:false labels:compatible
-- What the audit reads of the debits.
CREATE INDEX CONCURRENTLY IF NOT EXISTS debit_uncounted ON debit (user_id) WHERE NOT counted AND amount IS NOT NULL;
--rollback DROP INDEX debit_uncounted;

--changeset vitrina:0008-count-books splitStatements:false rollbackSplitStatements:false labels:compatible
-- Counts at most so many entries, and as many debits, that are older than that; of which there were more, how many. Others that
-- do the same at the same time, or give one of them back, are left alone. Order of locks: debits, entries, sums by user; a
-- wallet is not locked.
CREATE FUNCTION count_books(older_than_seconds DOUBLE PRECISION, most INTEGER) RETURNS INTEGER
LANGUAGE plpgsql AS $$
DECLARE
    due_debits UUID[] := ARRAY(
        SELECT order_id FROM debit
        WHERE NOT counted AND amount IS NOT NULL
            AND coalesce(cancelled_at, made_at) < now() - make_interval(secs => older_than_seconds)
        ORDER BY user_id LIMIT most FOR UPDATE SKIP LOCKED);
    due_entries BIGINT[] := ARRAY(
        SELECT id FROM ledger_entry
        WHERE NOT counted AND booked_at < now() - make_interval(secs => older_than_seconds)
        ORDER BY user_id LIMIT most FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
    IF due_debits = '{}' AND due_entries = '{}' THEN
        RETURN 0;
    END IF;
    INSERT INTO counted_books AS known (user_id, entries, opening, top_ups, sales, standing, given_back, taken)
    SELECT user_id, sum(entries), sum(opening), sum(top_ups), sum(sales), sum(standing), sum(given_back), sum(taken)
    FROM (
        SELECT user_id, 1 AS entries,
               CASE house_account WHEN 'opening' THEN amount ELSE 0 END AS opening,
               CASE house_account WHEN 'top-ups' THEN amount ELSE 0 END AS top_ups,
               CASE house_account WHEN 'sales' THEN amount ELSE 0 END AS sales,
               0 AS standing, 0 AS given_back, 0 AS taken
        FROM ledger_entry WHERE id = ANY (due_entries)
        UNION ALL
        SELECT user_id, 0, 0, 0, 0,
               (cancelled_at IS NULL)::INTEGER,
               (cancelled_at IS NOT NULL)::INTEGER,
               CASE WHEN cancelled_at IS NULL THEN amount ELSE 0 END
        FROM debit WHERE order_id = ANY (due_debits)) AS due
    GROUP BY user_id ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET
        entries = known.entries + excluded.entries,
        opening = known.opening + excluded.opening,
        top_ups = known.top_ups + excluded.top_ups,
        sales = known.sales + excluded.sales,
        standing = known.standing + excluded.standing,
        given_back = known.given_back + excluded.given_back,
        taken = known.taken + excluded.taken;
    UPDATE debit SET counted = TRUE WHERE order_id = ANY (due_debits);
    UPDATE ledger_entry SET counted = TRUE WHERE id = ANY (due_entries);
    RETURN greatest(cardinality(due_debits), cardinality(due_entries));
END $$;
--rollback DROP FUNCTION count_books(DOUBLE PRECISION, INTEGER);

--changeset vitrina:0008-give-back splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0007, and what was counted as standing is so no longer: it is counted again, as given back, when that is old.
CREATE OR REPLACE FUNCTION give_back(payer INTEGER, paid_order UUID) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
DECLARE
    known debit%ROWTYPE;
BEGIN
    -- nobody waits for a wallet who has an order's row
    PERFORM 1 FROM wallet WHERE user_id = payer FOR NO KEY UPDATE;
    LOOP
        SELECT * INTO known FROM debit WHERE order_id = paid_order FOR UPDATE;
        IF NOT FOUND THEN
            -- waits for a debit that is being made, and then finds it
            INSERT INTO debit (order_id, user_id, cancelled_at) VALUES (paid_order, payer, now())
            ON CONFLICT (order_id) DO NOTHING;
            IF FOUND THEN
                RETURN TRUE;
            END IF;
            CONTINUE;
        END IF;
        IF known.user_id <> payer THEN
            RETURN FALSE;
        END IF;
        IF known.cancelled_at IS NULL THEN
            UPDATE debit SET cancelled_at = now(), counted = FALSE WHERE order_id = paid_order;
            IF known.counted THEN
                UPDATE counted_books SET standing = standing - 1, taken = taken - known.amount WHERE user_id = payer;
            END IF;
            IF known.amount > 0 THEN
                UPDATE wallet SET balance = balance + known.amount WHERE user_id = payer;
                INSERT INTO ledger_entry (user_id, house_account, amount, order_id)
                VALUES (payer, 'sales', known.amount, paid_order);
            END IF;
        END IF;
        RETURN TRUE;
    END LOOP;
END $$;
--rollback CREATE OR REPLACE FUNCTION give_back(payer INTEGER, paid_order UUID) RETURNS BOOLEAN
--rollback LANGUAGE plpgsql AS $$
--rollback DECLARE
--rollback     known debit%ROWTYPE;
--rollback BEGIN
--rollback     -- nobody waits for a wallet who has an order's row
--rollback     PERFORM 1 FROM wallet WHERE user_id = payer FOR NO KEY UPDATE;
--rollback     LOOP
--rollback         SELECT * INTO known FROM debit WHERE order_id = paid_order FOR UPDATE;
--rollback         IF NOT FOUND THEN
--rollback             -- waits for a debit that is being made, and then finds it
--rollback             INSERT INTO debit (order_id, user_id, cancelled_at) VALUES (paid_order, payer, now())
--rollback             ON CONFLICT (order_id) DO NOTHING;
--rollback             IF FOUND THEN
--rollback                 RETURN TRUE;
--rollback             END IF;
--rollback             CONTINUE;
--rollback         END IF;
--rollback         IF known.user_id <> payer THEN
--rollback             RETURN FALSE;
--rollback         END IF;
--rollback         IF known.cancelled_at IS NULL THEN
--rollback             UPDATE debit SET cancelled_at = now() WHERE order_id = paid_order;
--rollback             IF known.amount > 0 THEN
--rollback                 UPDATE wallet SET balance = balance + known.amount WHERE user_id = payer;
--rollback                 INSERT INTO ledger_entry (user_id, house_account, amount, order_id)
--rollback                 VALUES (payer, 'sales', known.amount, paid_order);
--rollback             END IF;
--rollback         END IF;
--rollback         RETURN TRUE;
--rollback     END LOOP;
--rollback END $$;
