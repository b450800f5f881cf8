--liquibase formatted sql

--changeset vitrina:0006-ask-model splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0002, but by platform's own way into the outbox.
CREATE OR REPLACE FUNCTION ask_model(asked TEXT, features DOUBLE PRECISION[]) RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_outbox(gen_random_uuid(), '', 'features', asked, '{}',
                          convert_to(json_build_object('id', asked, 'features', features)::text, 'UTF8'));
END $$;
--rollback CREATE OR REPLACE FUNCTION ask_model(asked TEXT, features DOUBLE PRECISION[]) RETURNS VOID
--rollback LANGUAGE sql AS $$
--rollback     INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)
--rollback     VALUES (gen_random_uuid(), '', 'features', asked,
--rollback             convert_to(json_build_object('id', asked, 'features', features)::text, 'UTF8'))
--rollback $$;

--changeset vitrina:0006-recompute-batch splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0002, but each product is asked for as one that changed is.
CREATE OR REPLACE FUNCTION recompute_batch(most INTEGER, waiting_limit INTEGER) RETURNS INTEGER
LANGUAGE plpgsql AS $$
DECLARE
    work recomputation%ROWTYPE;
    taken INTEGER;
    last INTEGER;
BEGIN
    SELECT * INTO work FROM recomputation WHERE sent_at IS NULL FOR UPDATE SKIP LOCKED;
    IF NOT FOUND OR (SELECT count(*) FROM (SELECT FROM outbox LIMIT waiting_limit) AS waiting) >= waiting_limit THEN
        RETURN 0;
    END IF;
    WITH due AS (
        SELECT product_id FROM product
        WHERE product_id > work.last_product AND NOT deleted AND features IS NOT NULL
        ORDER BY product_id LIMIT most FOR UPDATE),
    asked AS (
        UPDATE product SET recompute_version = version, recompute_run = work.run
        FROM due WHERE product.product_id = due.product_id
        RETURNING product.product_id, version, features),
    sent AS MATERIALIZED (
        SELECT product_id, ask_model('product:' || product_id || ':' || version || ':' || work.run, features)
        FROM (SELECT * FROM asked ORDER BY product_id) AS asked)
    SELECT count(*), max(product_id) INTO taken, last FROM sent;
    UPDATE recomputation
    SET sent = sent + taken, last_product = coalesce(last, last_product),
        sent_at = CASE WHEN taken < most THEN clock_timestamp() END
    WHERE run = work.run;
    RETURN taken;
END $$;
--rollback CREATE OR REPLACE FUNCTION recompute_batch(most INTEGER, waiting_limit INTEGER) RETURNS INTEGER
--rollback LANGUAGE plpgsql AS $$
--rollback DECLARE
--rollback     work recomputation%ROWTYPE;
--rollback     taken INTEGER;
--rollback     last INTEGER;
--rollback BEGIN
--rollback     SELECT * INTO work FROM recomputation WHERE sent_at IS NULL FOR UPDATE SKIP LOCKED;
--rollback     IF NOT FOUND OR (SELECT count(*) FROM (SELECT FROM outbox LIMIT waiting_limit) AS waiting) >= waiting_limit THEN
--rollback         RETURN 0;
--rollback     END IF;
--rollback     WITH due AS (
--rollback         SELECT product_id FROM product
--rollback         WHERE product_id > work.last_product AND NOT deleted AND features IS NOT NULL
--rollback         ORDER BY product_id LIMIT most FOR UPDATE),
--rollback     asked AS (
--rollback         UPDATE product SET recompute_version = version, recompute_run = work.run
--rollback         FROM due WHERE product.product_id = due.product_id
--rollback         RETURNING product.product_id, version, features),
--rollback     sent AS (
--rollback         INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)
--rollback         SELECT gen_random_uuid(), '', 'features', asked.id,
--rollback                convert_to(json_build_object('id', asked.id, 'features', features)::text, 'UTF8')
--rollback         FROM (SELECT 'product:' || product_id || ':' || version || ':' || work.run AS id, features FROM asked
--rollback               ORDER BY product_id) AS asked)
--rollback     SELECT count(*), max(product_id) INTO taken, last FROM asked;
--rollback     UPDATE recomputation
--rollback     SET sent = sent + taken, last_product = coalesce(last, last_product),
--rollback         sent_at = CASE WHEN taken < most THEN clock_timestamp() END
--rollback     WHERE run = work.run;
--rollback     RETURN taken;
--rollback END $$;
