--liquibase formatted sql

--changeset vitrina:0009-blank splitStatements:false rollbackSplitStatements:false labels:compatible
-- Takes address and phone number, and the caller's key where that is wanted too, out of those of the orders that are settled;
-- how many it were. Lines, prices and totals stay: they are the books, and a cancellation needs no address. Each user's
-- collection that reads differently now has a new version. Locks as all do: orders by id, then collections.
CREATE FUNCTION blank_orders(ids UUID[], keys_too BOOLEAN) RETURNS INTEGER
LANGUAGE plpgsql AS $$
DECLARE
    users INTEGER[];
    blanked INTEGER;
BEGIN
    PERFORM 1 FROM customer_order WHERE id = ANY (ids) ORDER BY id FOR UPDATE;
    WITH done AS (
        UPDATE customer_order
        SET shipping_to = '', phone = NULL, request_key = CASE WHEN keys_too THEN id::text ELSE request_key END
        WHERE id = ANY (ids) AND step = 'none'
          AND (shipping_to <> '' OR phone IS NOT NULL OR (keys_too AND request_key <> id::text))
        RETURNING user_id)
    SELECT count(*), array_agg(DISTINCT user_id) INTO blanked, users FROM done;
    PERFORM 1 FROM order_collection WHERE user_id = ANY (users) ORDER BY user_id FOR UPDATE;
    UPDATE order_collection SET version = version + 1 WHERE user_id = ANY (users);
    RETURN blanked;
END $$;
--rollback DROP FUNCTION blank_orders(UUID[], BOOLEAN);

--changeset vitrina:0009-erase-user splitStatements:false rollbackSplitStatements:false labels:compatible
-- The same for all of a user's orders, unless some are not settled: then how many, and nothing is done.
CREATE FUNCTION erase_user(who INTEGER, OUT unsettled BIGINT, OUT blanked INTEGER, OUT kept BIGINT)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM customer_order WHERE user_id = who ORDER BY id FOR UPDATE;
    -- from here on no order of this user's is accepted
    PERFORM 1 FROM order_collection WHERE user_id = who FOR UPDATE;
    SELECT count(*) FILTER (WHERE step <> 'none'), count(*) INTO unsettled, kept
    FROM customer_order WHERE user_id = who;
    blanked := CASE
        WHEN unsettled > 0 THEN 0
        ELSE blank_orders(ARRAY(SELECT id FROM customer_order WHERE user_id = who), TRUE)
    END;
END $$;
--rollback DROP FUNCTION erase_user(INTEGER);
