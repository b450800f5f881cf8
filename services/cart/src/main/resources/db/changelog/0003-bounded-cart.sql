--liquibase formatted sql

--changeset vitrina:0003-bounded-cart splitStatements:false
-- One round trip: the lock that keeps a race within the limit is never held while the service is busy with something else.
-- False, and nothing changed, if the cart would have more than max_lines.
CREATE FUNCTION put_cart_line(owner INTEGER, product INTEGER, pieces INTEGER, max_lines INTEGER) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE user_cart SET quantity = pieces WHERE user_id = owner AND product_id = product;
    IF FOUND THEN
        RETURN TRUE;
    END IF;
    PERFORM pg_advisory_xact_lock(owner);
    INSERT INTO user_cart (user_id, product_id, quantity)
    SELECT owner, product, pieces
    WHERE (SELECT count(*) FROM user_cart WHERE user_id = owner AND product_id <> product) < max_lines
    ON CONFLICT (user_id, product_id) DO UPDATE SET quantity = excluded.quantity;
    RETURN FOUND;
END $$;
--rollback DROP FUNCTION put_cart_line(INTEGER, INTEGER, INTEGER, INTEGER);
