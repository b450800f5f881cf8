--liquibase formatted sql

--changeset vitrina:0003-bounded-favorites splitStatements:false
-- One round trip: the lock that keeps a race within the limit is never held while the service is busy with something else.
-- False, and nothing changed, if the user would have more than max_products.
CREATE FUNCTION add_favorite(owner INTEGER, product INTEGER, max_products INTEGER) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM user_favorite WHERE user_id = owner AND product_id = product) THEN
        RETURN TRUE;
    END IF;
    PERFORM pg_advisory_xact_lock(owner);
    -- The update writes nothing new; it makes FOUND tell one that is there by now from one too many.
    INSERT INTO user_favorite (user_id, product_id)
    SELECT owner, product
    WHERE (SELECT count(*) FROM user_favorite WHERE user_id = owner AND product_id <> product) < max_products
    ON CONFLICT (user_id, product_id) DO UPDATE SET product_id = excluded.product_id;
    RETURN FOUND;
END $$;
--rollback DROP FUNCTION add_favorite(INTEGER, INTEGER, INTEGER);
