--liquibase formatted sql

--changeset vitrina:0002-ask-model splitStatements:false
-- Each step of the pipeline is one statement: one round trip and one transaction with what it sends.
-- Sends features to the model, by the outbox.
CREATE FUNCTION ask_model(asked TEXT, features DOUBLE PRECISION[]) RETURNS VOID
LANGUAGE sql AS $$
    INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)
    VALUES (gen_random_uuid(), '', 'features', asked,
            convert_to(json_build_object('id', asked, 'features', features)::text, 'UTF8'))
$$;
--rollback DROP FUNCTION ask_model(TEXT, DOUBLE PRECISION[]);

--changeset vitrina:0002-product-changed splitStatements:false
-- Takes in what products tells: 'asked' (a prediction), 'noted' (there is none to be made), 'old' (known, or newer is).
CREATE FUNCTION product_changed(
    changed INTEGER, new_version BIGINT, category INTEGER, new_features DOUBLE PRECISION[], is_deleted BOOLEAN) RETURNS TEXT
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO product AS known (product_id, version, category_id, features, deleted)
    VALUES (changed, new_version, coalesce(category, 0), new_features, is_deleted)
    ON CONFLICT (product_id) DO UPDATE
    SET version = new_version, category_id = coalesce(category, known.category_id), features = new_features,
        deleted = is_deleted
    WHERE known.version < new_version;
    IF NOT FOUND THEN
        RETURN 'old';
    END IF;
    IF is_deleted THEN
        PERFORM forget_predictions(changed);
        RETURN 'noted';
    END IF;
    IF new_features IS NULL THEN
        RETURN 'noted';
    END IF;
    PERFORM ask_model('product:' || changed || ':' || new_version, new_features);
    RETURN 'asked';
END $$;
--rollback DROP FUNCTION product_changed(INTEGER, BIGINT, INTEGER, DOUBLE PRECISION[], BOOLEAN);

--changeset vitrina:0002-forget-predictions splitStatements:false
-- All predictions of a product; what is on its way to or from the model still counts. Tells whether there were any.
CREATE FUNCTION forget_predictions(forgotten INTEGER) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE product SET value = NULL, model_version = NULL, valid_from = NULL
    WHERE product_id = forgotten AND value IS NOT NULL;
    IF NOT FOUND THEN
        RETURN FALSE;
    END IF;
    DELETE FROM prediction WHERE product_id = forgotten;
    RETURN TRUE;
END $$;
--rollback DROP FUNCTION forget_predictions(INTEGER);

--changeset vitrina:0002-product-answered splitStatements:false
-- Takes in an answer of the model: 'stored', 'duplicate' (of the latest), 'late' (a newer one is there), 'unknown'.
CREATE FUNCTION product_answered(
    answered INTEGER, of_version BIGINT, of_run BIGINT, new_value DOUBLE PRECISION, by_model TEXT) RETURNS TEXT
LANGUAGE plpgsql AS $$
DECLARE
    known product%ROWTYPE;
    since TIMESTAMPTZ;
BEGIN
    SELECT * INTO known FROM product WHERE product_id = answered FOR UPDATE;
    IF NOT FOUND OR of_version > known.version THEN
        RETURN 'unknown';
    END IF;
    IF known.deleted OR (of_version, of_run) < (known.answered_version, known.answered_run) THEN
        RETURN 'late';
    END IF;
    IF (of_version, of_run) = (known.answered_version, known.answered_run) THEN
        RETURN 'duplicate';
    END IF;
    -- in the order of the ranks, whatever the clock does
    since := greatest(clock_timestamp(), known.valid_from + INTERVAL '1 microsecond');
    UPDATE product SET answered_version = of_version, answered_run = of_run, value = new_value, model_version = by_model,
                       valid_from = since
    WHERE product_id = answered;
    INSERT INTO prediction (product_id, version, run, value, model_version, valid_from)
    VALUES (answered, of_version, of_run, new_value, by_model, since);
    RETURN 'stored';
END $$;
--rollback DROP FUNCTION product_answered(INTEGER, BIGINT, BIGINT, DOUBLE PRECISION, TEXT);

--changeset vitrina:0002-recompute-batch splitStatements:false
-- Sends the next products of the recomputation under way, if any and while fewer than waiting_limit events wait in the
-- outbox. Tells how many it sent. Replicas take turns: one that finds another at work does nothing.
CREATE FUNCTION recompute_batch(most INTEGER, waiting_limit INTEGER) RETURNS INTEGER
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
    sent AS (
        INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)
        SELECT gen_random_uuid(), '', 'features', asked.id,
               convert_to(json_build_object('id', asked.id, 'features', features)::text, 'UTF8')
        FROM (SELECT 'product:' || product_id || ':' || version || ':' || work.run AS id, features FROM asked
              ORDER BY product_id) AS asked)
    SELECT count(*), max(product_id) INTO taken, last FROM asked;
    UPDATE recomputation
    SET sent = sent + taken, last_product = coalesce(last, last_product),
        sent_at = CASE WHEN taken < most THEN clock_timestamp() END
    WHERE run = work.run;
    RETURN taken;
END $$;
--rollback DROP FUNCTION recompute_batch(INTEGER, INTEGER);
