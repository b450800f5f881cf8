--liquibase formatted sql

--changeset vitrina:0006-tell splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0004, but the event goes by platform's own way into the outbox.
CREATE OR REPLACE FUNCTION tell_order(o customer_order, event_type TEXT) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
    event_id UUID := gen_random_uuid();
BEGIN
    PERFORM add_to_outbox(event_id, 'orders.events', event_type, o.id::text, '{}', convert_to(json_build_object(
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
--rollback     INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)
--rollback     VALUES (event_id, 'orders.events', event_type, o.id::text, convert_to(json_build_object(
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

--changeset vitrina:0006-accept splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0004, but key and event go by platform's own ways into its tables.
CREATE OR REPLACE FUNCTION accept_order(
    the_id UUID, asker INTEGER, the_key TEXT, print BYTEA, expected BIGINT,
    the_lines TEXT, the_total NUMERIC, address TEXT, phone_number TEXT, lease_millis BIGINT, answer_millis BIGINT,
    OUT outcome TEXT, OUT new_version BIGINT, OUT new_sequence BIGINT, OUT accepted_at TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
DECLARE
    o customer_order;
    present order_collection;
BEGIN
    IF NOT claim_idempotency_key(asker, 'place-order', the_key, print, the_id, answer_millis) THEN
        outcome := 'key-taken';
        RETURN;
    END IF;

    SELECT * INTO present FROM order_collection WHERE user_id = asker FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO order_collection (user_id, version, sequence, content) VALUES (asker, 0, 0, 0::bit(128))
        ON CONFLICT DO NOTHING;
        SELECT * INTO present FROM order_collection WHERE user_id = asker FOR UPDATE;
    END IF;
    IF present.version <> expected THEN
        PERFORM free_idempotency_key(asker, 'place-order', the_key, the_id);
        outcome := 'changed';
        RETURN;
    END IF;

    outcome := 'accepted';
    new_version := present.version + 1;
    new_sequence := present.sequence + 1;
    accepted_at := now();
    UPDATE order_collection
    SET version = new_version, sequence = new_sequence, content = content # order_hash(the_id, 'pending')
    WHERE user_id = asker;
    INSERT INTO customer_order (id, user_id, sequence, request_key, status, revision, lines, total, shipping_to, phone,
        step, attempts, due_at, created_at)
    VALUES (the_id, asker, new_sequence, the_key, 'pending', 1, the_lines, the_total, address, phone_number,
        'charge', 0, accepted_at + lease_millis * interval '1 millisecond', accepted_at)
    RETURNING * INTO o;
    PERFORM tell_order(o, 'order.pending');
END $$;
--rollback CREATE OR REPLACE FUNCTION accept_order(
--rollback     the_id UUID, asker INTEGER, the_key TEXT, print BYTEA, expected BIGINT,
--rollback     the_lines TEXT, the_total NUMERIC, address TEXT, phone_number TEXT, lease_millis BIGINT, answer_millis BIGINT,
--rollback     OUT outcome TEXT, OUT new_version BIGINT, OUT new_sequence BIGINT, OUT accepted_at TIMESTAMPTZ)
--rollback LANGUAGE plpgsql AS $$
--rollback DECLARE
--rollback     o customer_order;
--rollback     present order_collection;
--rollback BEGIN
--rollback     INSERT INTO idempotency_record (user_id, operation, key, fingerprint, subject, lease_until)
--rollback     VALUES (asker, 'place-order', the_key, print, the_id, now() + answer_millis * interval '1 millisecond')
--rollback     ON CONFLICT DO NOTHING;
--rollback     IF NOT FOUND THEN
--rollback         outcome := 'key-taken';
--rollback         RETURN;
--rollback     END IF;
--rollback
--rollback     SELECT * INTO present FROM order_collection WHERE user_id = asker FOR UPDATE;
--rollback     IF NOT FOUND THEN
--rollback         INSERT INTO order_collection (user_id, version, sequence, content) VALUES (asker, 0, 0, 0::bit(128))
--rollback         ON CONFLICT DO NOTHING;
--rollback         SELECT * INTO present FROM order_collection WHERE user_id = asker FOR UPDATE;
--rollback     END IF;
--rollback     IF present.version <> expected THEN
--rollback         DELETE FROM idempotency_record WHERE user_id = asker AND operation = 'place-order' AND key = the_key;
--rollback         outcome := 'changed';
--rollback         RETURN;
--rollback     END IF;
--rollback
--rollback     outcome := 'accepted';
--rollback     new_version := present.version + 1;
--rollback     new_sequence := present.sequence + 1;
--rollback     accepted_at := now();
--rollback     UPDATE order_collection
--rollback     SET version = new_version, sequence = new_sequence, content = content # order_hash(the_id, 'pending')
--rollback     WHERE user_id = asker;
--rollback     INSERT INTO customer_order (id, user_id, sequence, request_key, status, revision, lines, total, shipping_to, phone,
--rollback         step, attempts, due_at, created_at)
--rollback     VALUES (the_id, asker, new_sequence, the_key, 'pending', 1, the_lines, the_total, address, phone_number,
--rollback         'charge', 0, accepted_at + lease_millis * interval '1 millisecond', accepted_at)
--rollback     RETURNING * INTO o;
--rollback     PERFORM tell_order(o, 'order.pending');
--rollback END $$;
