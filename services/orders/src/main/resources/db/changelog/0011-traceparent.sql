--liquibase formatted sql

--changeset vitrina:0011-traceparent splitStatements:false rollbackSplitStatements:false labels:compatible
-- What carries the trace of the request that placed the order, where that is recorded: whoever leads the order on, and the
-- events that it sends, are parts of that trace.
SET LOCAL lock_timeout = '3s';
ALTER TABLE customer_order ADD COLUMN traceparent TEXT;
ALTER TABLE customer_order ALTER COLUMN traceparent SET DEFAULT nullif(current_setting('vitrina.traceparent', true), '');
--rollback ALTER TABLE customer_order DROP COLUMN traceparent;

--changeset vitrina:0011-accept splitStatements:false rollbackSplitStatements:false labels:compatible
-- As accept_order, for a request that is recorded.
CREATE FUNCTION accept_traced_order(
    traceparent TEXT,
    the_id UUID, asker INTEGER, the_key TEXT, print BYTEA, expected BIGINT,
    the_lines TEXT, the_total NUMERIC, address TEXT, phone_number TEXT, lease_millis BIGINT, answer_millis BIGINT,
    OUT outcome TEXT, OUT new_version BIGINT, OUT new_sequence BIGINT, OUT accepted_at TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
BEGIN
    -- until the end of the transaction, which is this statement
    PERFORM set_config('vitrina.traceparent', traceparent, true);
    SELECT a.outcome, a.new_version, a.new_sequence, a.accepted_at
    INTO outcome, new_version, new_sequence, accepted_at
    FROM accept_order(the_id, asker, the_key, print, expected, the_lines, the_total, address, phone_number, lease_millis,
        answer_millis) AS a;
END $$;
--rollback DROP FUNCTION accept_traced_order(TEXT, UUID, INTEGER, TEXT, BYTEA, BIGINT, TEXT, NUMERIC, TEXT, TEXT, BIGINT, BIGINT);

--changeset vitrina:0011-tell splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0006, and the event carries its order's trace.
CREATE OR REPLACE FUNCTION tell_order(o customer_order, event_type TEXT) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
    event_id UUID := gen_random_uuid();
    headers TEXT := '{}';
BEGIN
    IF o.traceparent IS NOT NULL THEN
        headers := json_build_object('traceparent', o.traceparent)::text;
    END IF;
    PERFORM add_to_outbox(event_id, 'orders.events', event_type, o.id::text, headers, convert_to(json_build_object(
        'event_id', event_id,
        'type', event_type,
        'version', 1,
        'order_id', o.id,
        'user_id', o.user_id,
        'sequence', o.sequence,
        'status', o.status,
        'total', o.total::text,
        'phone', o.phone,
        'occurred_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8'));
END $$;
--rollback CREATE OR REPLACE FUNCTION tell_order(o customer_order, event_type TEXT) RETURNS VOID
--rollback LANGUAGE plpgsql AS $$
--rollback DECLARE
--rollback     event_id UUID := gen_random_uuid();
--rollback BEGIN
--rollback     PERFORM add_to_outbox(event_id, 'orders.events', event_type, o.id::text, '{}', convert_to(json_build_object(
--rollback         'event_id', event_id,
--rollback         'type', event_type,
--rollback         'version', 1,
--rollback         'order_id', o.id,
--rollback         'user_id', o.user_id,
--rollback         'sequence', o.sequence,
--rollback         'status', o.status,
--rollback         'total', o.total::text,
--rollback         'phone', o.phone,
--rollback         'occurred_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8'));
--rollback END $$;
