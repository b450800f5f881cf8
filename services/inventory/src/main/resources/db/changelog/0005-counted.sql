--liquibase formatted sql

--changeset vitrina:0005-counted splitStatements:false labels:compatible
-- What the audit need not read again: the pieces that old committed reservations have taken, by product. A reservation that is
-- counted there stays in its table, as its order may be cancelled at any time, and is taken out of the sum then.
-- Who reserves meanwhile waits behind a wait for the table: so in short turns, however long an audit reads it.
DO $$
BEGIN
    PERFORM set_config('lock_timeout', '200ms', TRUE);
    FOR turn IN REVERSE 100..1 LOOP
        BEGIN
            LOCK TABLE reservation IN ACCESS EXCLUSIVE MODE;
            EXIT;
        EXCEPTION WHEN lock_not_available THEN
            IF turn = 1 THEN
                RAISE;
            END IF;
            PERFORM pg_sleep(1);
        END;
    END LOOP;
END $$;
ALTER TABLE reservation ADD COLUMN counted BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE counted_stock (
    product_id INTEGER PRIMARY KEY,
    committed  BIGINT NOT NULL
);
-- How many reservations these are, in one row.
CREATE TABLE counted_reservations (
    only_row  BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    committed BIGINT NOT NULL
);
INSERT INTO counted_reservations (committed) VALUES (0);
--rollback DROP TABLE counted_reservations;
--rollback DROP TABLE counted_stock;
--rollback ALTER TABLE reservation DROP COLUMN counted;

--changeset vitrina:0005-uncounted runInTransaction:false labels:compatible
-- What the audit reads.
CREATE INDEX CONCURRENTLY IF NOT EXISTS reservation_uncounted ON reservation (order_id)
WHERE NOT counted AND state IN ('held', 'committed');
--rollback DROP INDEX reservation_uncounted;

--changeset vitrina:0005-count-committed splitStatements:false rollbackSplitStatements:false labels:compatible
-- Counts at most so many committed reservations that are older than that; how many it were. Others that do the same at the same
-- time, or release one of them, are left alone. Order of locks: reservations, the counted products by id, the one row.
CREATE FUNCTION count_committed(older_than_seconds DOUBLE PRECISION, most INTEGER) RETURNS INTEGER
LANGUAGE plpgsql AS $$
DECLARE
    due UUID[] := ARRAY(
        SELECT order_id FROM reservation
        WHERE NOT counted AND state = 'committed' AND expires_at < now() - make_interval(secs => older_than_seconds)
        ORDER BY order_id LIMIT most FOR UPDATE SKIP LOCKED);
BEGIN
    IF due = '{}' THEN
        RETURN 0;
    END IF;
    INSERT INTO counted_stock AS known (product_id, committed)
    SELECT item.product_id, sum(item.quantity)
    FROM reservation CROSS JOIN LATERAL unnest(product_ids, quantities) AS item (product_id, quantity)
    WHERE order_id = ANY (due)
    GROUP BY item.product_id ORDER BY item.product_id
    ON CONFLICT (product_id) DO UPDATE SET committed = known.committed + excluded.committed;
    UPDATE counted_reservations SET committed = committed + cardinality(due);
    UPDATE reservation SET counted = TRUE WHERE order_id = ANY (due);
    RETURN cardinality(due);
END $$;
--rollback DROP FUNCTION count_committed(DOUBLE PRECISION, INTEGER);

--changeset vitrina:0005-release-stock splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0004, and what was counted is so no longer.
CREATE OR REPLACE FUNCTION release_stock(wanted_order UUID) RETURNS TEXT
LANGUAGE plpgsql AS $$
DECLARE
    known reservation%ROWTYPE;
BEGIN
    LOOP
        SELECT * INTO known FROM reservation WHERE order_id = wanted_order FOR UPDATE;
        IF FOUND THEN
            IF known.state = 'released' THEN
                RETURN 'same';
            END IF;
            IF known.state = 'held' THEN
                PERFORM move_stock(known.product_ids, known.quantities, 0, -1, 0);
            ELSIF known.state = 'committed' THEN
                PERFORM move_stock(known.product_ids, known.quantities, 1, 0, -1);
                IF known.counted THEN
                    PERFORM 1 FROM counted_stock
                    WHERE product_id = ANY (known.product_ids) ORDER BY product_id FOR NO KEY UPDATE;
                    UPDATE counted_stock SET committed = committed - item.quantity
                    FROM unnest(known.product_ids, known.quantities) AS item (product_id, quantity)
                    WHERE counted_stock.product_id = item.product_id;
                    UPDATE counted_reservations SET committed = committed - 1;
                END IF;
            END IF;
            UPDATE reservation SET state = 'released', ended_at = now(), counted = FALSE WHERE order_id = wanted_order;
            RETURN 'released';
        END IF;
        -- waits for a reservation that is being made, and then finds it
        INSERT INTO reservation (order_id, state, product_ids, quantities, expires_at, ended_at)
        VALUES (wanted_order, 'released', '{}', '{}', now(), now())
        ON CONFLICT (order_id) DO NOTHING;
        IF FOUND THEN
            RETURN 'tombstone';
        END IF;
    END LOOP;
END $$;
--rollback CREATE OR REPLACE FUNCTION release_stock(wanted_order UUID) RETURNS TEXT
--rollback LANGUAGE plpgsql AS $$
--rollback DECLARE
--rollback     known reservation%ROWTYPE;
--rollback BEGIN
--rollback     LOOP
--rollback         SELECT * INTO known FROM reservation WHERE order_id = wanted_order FOR UPDATE;
--rollback         IF FOUND THEN
--rollback             IF known.state = 'released' THEN
--rollback                 RETURN 'same';
--rollback             END IF;
--rollback             IF known.state = 'held' THEN
--rollback                 PERFORM move_stock(known.product_ids, known.quantities, 0, -1, 0);
--rollback             ELSIF known.state = 'committed' THEN
--rollback                 PERFORM move_stock(known.product_ids, known.quantities, 1, 0, -1);
--rollback             END IF;
--rollback             UPDATE reservation SET state = 'released', ended_at = now() WHERE order_id = wanted_order;
--rollback             RETURN 'released';
--rollback         END IF;
--rollback         -- waits for a reservation that is being made, and then finds it
--rollback         INSERT INTO reservation (order_id, state, product_ids, quantities, expires_at, ended_at)
--rollback         VALUES (wanted_order, 'released', '{}', '{}', now(), now())
--rollback         ON CONFLICT (order_id) DO NOTHING;
--rollback         IF FOUND THEN
--rollback             RETURN 'tombstone';
--rollback         END IF;
--rollback     END LOOP;
--rollback END $$;
