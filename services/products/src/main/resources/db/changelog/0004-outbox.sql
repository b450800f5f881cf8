--liquibase formatted sql

--changeset vitrina:0004-outbox
-- Events that this service has decided to send and the broker has not confirmed yet (platform/messaging). Emptied all the
-- time, hence the room in each page and the eager vacuum.
CREATE TABLE outbox (
    position     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id     UUID NOT NULL UNIQUE,
    exchange     TEXT NOT NULL,
    routing_key  TEXT NOT NULL,
    ordering_key TEXT NOT NULL,
    headers      TEXT NOT NULL DEFAULT '{}',
    body         BYTEA NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    held_by      UUID,
    held_until   TIMESTAMPTZ
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX outbox_by_key ON outbox (ordering_key, position);
--rollback DROP TABLE outbox;

--changeset vitrina:0005-announce-products
--comment: Products from before there were events, those of the demo too: each is told once, as if it had just been changed.
WITH event AS (
    SELECT gen_random_uuid() AS id, product.id AS product_id, version, category_id, features FROM product ORDER BY product.id)
INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)
SELECT id, '', 'products.changed', 'product ' || product_id,
       convert_to(json_build_object('event_id', id, 'type', 'product.changed', 'product_id', product_id, 'version', version,
                                    'category_id', category_id, 'features', features, 'deleted', false)::text, 'UTF8')
FROM event;
--rollback SELECT 1;
