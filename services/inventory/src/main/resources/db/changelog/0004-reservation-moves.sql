--liquibase formatted sql

--changeset vitrina:0004-move-stock splitStatements:false
-- Each of these functions is called as one statement, hence one round trip and one transaction: the row of a product that
-- everybody buys is never locked while the service is busy with something else.
-- Order of locks in all of them: the order's reservation, then the products by id. So nobody waits in a circle.
--
-- Adds the quantities, times the given factors, to on_hand, reserved and sold. '' when done; else, and then nothing was
-- changed, the ids of the products of which too little can be sold.
CREATE FUNCTION move_stock(
    moved_products INTEGER[], moved_quantities INTEGER[], to_hand INTEGER, to_reserved INTEGER, to_sold INTEGER)
RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    taken INTEGER := to_reserved - to_hand;
    short TEXT;
BEGIN
    -- a single product needs no order of locks, and its guard is in the update
    IF cardinality(moved_products) > 1 THEN
        PERFORM 1 FROM inventory WHERE product_id = ANY (moved_products) ORDER BY product_id FOR NO KEY UPDATE;
        IF taken > 0 THEN
            short := short_of_stock(moved_products, moved_quantities);
            IF short <> '' THEN
                RETURN short;
            END IF;
        END IF;
    END IF;
    UPDATE inventory SET
        on_hand = least(on_hand::BIGINT + to_hand * moved.quantity, 2147483647),
        reserved = reserved + to_reserved * moved.quantity,
        sold = sold + to_sold * moved.quantity
    FROM unnest(moved_products, moved_quantities) AS moved (product_id, quantity)
    WHERE inventory.product_id = moved.product_id AND on_hand - reserved >= taken * moved.quantity;
    RETURN CASE WHEN FOUND THEN '' ELSE moved_products[1]::TEXT END;
END $$;
--rollback DROP FUNCTION move_stock(INTEGER[], INTEGER[], INTEGER, INTEGER, INTEGER);

--changeset vitrina:0004-short-of-stock splitStatements:false
-- The ids of the products, with commas between, of which less than wanted can be sold; '' where there is enough of all.
CREATE FUNCTION short_of_stock(wanted_products INTEGER[], wanted_quantities INTEGER[]) RETURNS TEXT
LANGUAGE sql AS $$
    SELECT coalesce(string_agg(wanted.product_id::TEXT, ',' ORDER BY wanted.product_id), '')
    FROM unnest(wanted_products, wanted_quantities) AS wanted (product_id, quantity)
    LEFT JOIN inventory ON inventory.product_id = wanted.product_id
    WHERE coalesce(on_hand - reserved, 0) < wanted.quantity
$$;
--rollback DROP FUNCTION short_of_stock(INTEGER[], INTEGER[]);

--changeset vitrina:0004-reserve-stock splitStatements:false
-- Reserves all or nothing, once. 'reserved', 'same' (it was), 'differs' (with other content), 'cancelled' (released before),
-- or 'short 1,2' (of these products there is too little; nothing changed).
CREATE FUNCTION reserve_stock(
    wanted_order UUID, product_list TEXT, quantity_list TEXT, lifetime_seconds DOUBLE PRECISION)
RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    wanted_products INTEGER[] := string_to_array(product_list, ',')::INTEGER[];
    wanted_quantities INTEGER[] := string_to_array(quantity_list, ',')::INTEGER[];
    known reservation%ROWTYPE;
    short TEXT;
BEGIN
    LOOP
        SELECT * INTO known FROM reservation WHERE order_id = wanted_order;
        IF FOUND THEN
            IF known.state = 'released' THEN
                RETURN 'cancelled';
            ELSIF known.product_ids <> wanted_products OR known.quantities <> wanted_quantities THEN
                RETURN 'differs';
            ELSIF known.state <> 'expired' THEN
                RETURN 'same';
            END IF;
            SELECT * INTO known FROM reservation WHERE order_id = wanted_order AND state = 'expired' FOR UPDATE;
            IF FOUND THEN
                short := move_stock(wanted_products, wanted_quantities, 0, 1, 0);
                IF short <> '' THEN
                    RETURN 'short ' || short;
                END IF;
                UPDATE reservation
                SET state = 'held', ended_at = NULL, expires_at = now() + make_interval(secs => lifetime_seconds)
                WHERE order_id = wanted_order;
                RETURN 'same';
            END IF;
            CONTINUE;
        END IF;
        -- what is sold out is told without a lock and without a write
        short := short_of_stock(wanted_products, wanted_quantities);
        IF short <> '' THEN
            IF EXISTS (SELECT FROM reservation WHERE order_id = wanted_order) THEN
                CONTINUE; -- it was an equal request that took the last
            END IF;
            RETURN 'short ' || short;
        END IF;
        -- waits here for an equal request, and for nothing else: the products are locked last, until the end is on disk
        INSERT INTO reservation (order_id, state, product_ids, quantities, expires_at)
        VALUES (wanted_order, 'held', wanted_products, wanted_quantities, now() + make_interval(secs => lifetime_seconds))
        ON CONFLICT (order_id) DO NOTHING;
        IF NOT FOUND THEN
            CONTINUE;
        END IF;
        short := move_stock(wanted_products, wanted_quantities, 0, 1, 0);
        IF short = '' THEN
            RETURN 'reserved';
        END IF;
        DELETE FROM reservation WHERE order_id = wanted_order;
        RETURN 'short ' || short;
    END LOOP;
END $$;
--rollback DROP FUNCTION reserve_stock(UUID, TEXT, TEXT, DOUBLE PRECISION);

--changeset vitrina:0004-commit-stock splitStatements:false
-- Lets the reserved go out of the warehouse; what can be sold stays as it is. 'committed' (also when it was), 'unknown',
-- 'cancelled', or 'gone' (it had expired, and too little is left to reserve it again).
CREATE FUNCTION commit_stock(wanted_order UUID) RETURNS TEXT
LANGUAGE plpgsql AS $$
DECLARE
    known reservation%ROWTYPE;
    short TEXT;
BEGIN
    SELECT * INTO known FROM reservation WHERE order_id = wanted_order FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown';
    ELSIF known.state = 'released' THEN
        RETURN 'cancelled';
    ELSIF known.state = 'committed' THEN
        RETURN 'committed';
    END IF;
    short := move_stock(
        known.product_ids, known.quantities, -1, CASE known.state WHEN 'held' THEN -1 ELSE 0 END, 1);
    IF short <> '' THEN
        RETURN 'gone';
    END IF;
    UPDATE reservation SET state = 'committed', ended_at = NULL WHERE order_id = wanted_order;
    RETURN 'committed';
END $$;
--rollback DROP FUNCTION commit_stock(UUID);

--changeset vitrina:0004-release-stock splitStatements:false
-- Puts the stock back, once, reserved or committed, and keeps a later reservation out.
CREATE FUNCTION release_stock(wanted_order UUID) RETURNS TEXT
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
            END IF;
            UPDATE reservation SET state = 'released', ended_at = now() WHERE order_id = wanted_order;
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
--rollback DROP FUNCTION release_stock(UUID);

--changeset vitrina:0004-expire-stock splitStatements:false
-- Ends at most so many reservations whose time is over by this server's clock; how many it were. Others that do the same at
-- the same time, or commit or release one of them, are left alone.
CREATE FUNCTION expire_stock(most INTEGER) RETURNS INTEGER
LANGUAGE plpgsql AS $$
DECLARE
    due UUID[] := ARRAY(
        SELECT order_id FROM reservation WHERE state = 'held' AND expires_at <= now()
        ORDER BY expires_at LIMIT most FOR UPDATE SKIP LOCKED);
BEGIN
    IF due = '{}' THEN
        RETURN 0;
    END IF;
    PERFORM 1 FROM inventory
    WHERE product_id IN (SELECT unnest(product_ids) FROM reservation WHERE order_id = ANY (due))
    ORDER BY product_id FOR NO KEY UPDATE;
    UPDATE inventory SET reserved = reserved - back.quantity
    FROM (
        SELECT item.product_id, sum(item.quantity) AS quantity
        FROM reservation CROSS JOIN LATERAL unnest(product_ids, quantities) AS item (product_id, quantity)
        WHERE order_id = ANY (due)
        GROUP BY item.product_id) AS back
    WHERE inventory.product_id = back.product_id;
    UPDATE reservation SET state = 'expired', ended_at = now() WHERE order_id = ANY (due);
    RETURN cardinality(due);
END $$;
--rollback DROP FUNCTION expire_stock(INTEGER);
