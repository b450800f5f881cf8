--liquibase formatted sql

--changeset vitrina:0008-sent-event splitStatements:false rollbackSplitStatements:false labels:compatible
-- Events that the broker has, and of which notifications has not said yet that it took them: what a queue lost with its
-- content is found here. An event leaves the outbox only when it was sent; the routes are those of
-- vitrina.broker.queues.notifications. denied_at is when notifications said last that it has not taken it.
SET LOCAL lock_timeout = '3s';
CREATE TABLE sent_event (
    event_id  UUID PRIMARY KEY,
    type      TEXT NOT NULL,
    order_id  TEXT NOT NULL,
    sent_at   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    ask_at    TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    denied_at TIMESTAMPTZ
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX sent_event_by_ask ON sent_event (ask_at);
CREATE INDEX sent_event_by_age ON sent_event (sent_at);
CREATE FUNCTION keep_sent_event() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sent_event (event_id, type, order_id) VALUES (OLD.event_id, OLD.routing_key, OLD.ordering_key)
    ON CONFLICT (event_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER event_sent AFTER DELETE ON outbox
FOR EACH ROW WHEN (OLD.exchange = 'orders.events' AND OLD.routing_key IN ('order.confirmed', 'order.cancelled'))
EXECUTE FUNCTION keep_sent_event();
--rollback DROP TRIGGER event_sent ON outbox;
--rollback DROP FUNCTION keep_sent_event();
--rollback DROP TABLE sent_event;
