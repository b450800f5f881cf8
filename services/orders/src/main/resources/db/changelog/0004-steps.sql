--liquibase formatted sql

--changeset vitrina:0004-order-hash splitStatements:false
CREATE FUNCTION order_hash(id UUID, status TEXT) RETURNS BIT(128)
LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || md5(id::text || ' ' || status))::bit(128) $$;
--rollback DROP FUNCTION order_hash(UUID, TEXT);

--changeset vitrina:0004-fingerprint splitStatements:false
CREATE FUNCTION fingerprint_of(content BIT) RETURNS TEXT
LANGUAGE sql IMMUTABLE AS $$
    SELECT lpad(to_hex(content::bit(64)::bigint), 16, '0') || lpad(to_hex((content << 64)::bit(64)::bigint), 16, '0')
$$;
--rollback DROP FUNCTION fingerprint_of(BIT);

--changeset vitrina:0004-tell splitStatements:false
-- The event of an order's present state, into the outbox of the same transaction.
CREATE FUNCTION tell_order(o customer_order, event_type TEXT) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
    event_id UUID := gen_random_uuid();
BEGIN
    INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)
    VALUES (event_id, 'orders.events', event_type, o.id::text, convert_to(json_build_object(
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
--rollback DROP FUNCTION tell_order(customer_order, TEXT);

--changeset vitrina:0004-accept splitStatements:false
-- Order, key, version and event in one transaction and one round trip, so that no lock of a user's collection waits for the
-- service. outcome: accepted; key-taken, changed (the collection has another version than expected): nothing is done.
CREATE FUNCTION accept_order(
    the_id UUID, asker INTEGER, the_key TEXT, print BYTEA, expected BIGINT,
    the_lines TEXT, the_total NUMERIC, address TEXT, phone_number TEXT, lease_millis BIGINT, answer_millis BIGINT,
    OUT outcome TEXT, OUT new_version BIGINT, OUT new_sequence BIGINT, OUT accepted_at TIMESTAMPTZ)
LANGUAGE plpgsql AS $$
DECLARE
    o customer_order;
    present order_collection;
BEGIN
    INSERT INTO idempotency_record (user_id, operation, key, fingerprint, subject, lease_until)
    VALUES (asker, 'place-order', the_key, print, the_id, now() + answer_millis * interval '1 millisecond')
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
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
        DELETE FROM idempotency_record WHERE user_id = asker AND operation = 'place-order' AND key = the_key;
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
--rollback DROP FUNCTION accept_order(UUID, INTEGER, TEXT, BYTEA, BIGINT, TEXT, NUMERIC, TEXT, TEXT, BIGINT, BIGINT);

--changeset vitrina:0004-move splitStatements:false
-- An order's next step, if it is still at from_step: whoever comes second changes nothing. Without a to_status the order
-- ends: rejected where there is a reason, else cancelled. A change of status raises the collection's version and is told.
CREATE FUNCTION move_order(
    the_id UUID, from_step TEXT, to_step TEXT, to_status TEXT, why TEXT, why_about TEXT, lease_millis BIGINT,
    OUT moved BOOLEAN, OUT new_status TEXT, OUT new_version BIGINT)
LANGUAGE plpgsql AS $$
DECLARE
    o customer_order;
    former TEXT;
BEGIN
    SELECT * INTO o FROM customer_order WHERE id = the_id FOR UPDATE;
    moved := FOUND AND o.step = from_step;
    IF NOT moved THEN
        RETURN;
    END IF;
    former := o.status;
    new_status := coalesce(to_status, CASE WHEN o.reason IS NULL THEN 'cancelled' ELSE 'rejected' END);
    UPDATE customer_order
    SET step = to_step,
        status = new_status,
        revision = revision + (new_status <> former)::int,
        reason = coalesce(why, reason),
        about = coalesce(why_about, about),
        attempts = 0,
        due_at = now() + lease_millis * interval '1 millisecond'
    WHERE id = the_id
    RETURNING * INTO o;
    IF new_status = former THEN
        RETURN;
    END IF;
    UPDATE order_collection
    SET version = version + 1, content = content # order_hash(the_id, former) # order_hash(the_id, new_status)
    WHERE user_id = o.user_id
    RETURNING version INTO new_version;
    -- one that its buyer was told to be confirmed is told to be off
    PERFORM tell_order(o, 'order.' || CASE WHEN former = 'cancelling' THEN 'cancelled' ELSE new_status END);
END $$;
--rollback DROP FUNCTION move_order(UUID, TEXT, TEXT, TEXT, TEXT, TEXT, BIGINT);

--changeset vitrina:0004-cancel splitStatements:false
-- A user's wish to cancel, whatever step the order is at. outcome: cancelling; already (cancelling, cancelled or rejected),
-- changed (the collection has another version than expected), unknown: nothing is done.
CREATE FUNCTION cancel_order(
    the_id UUID, asker INTEGER, expected BIGINT, lease_millis BIGINT,
    OUT outcome TEXT, OUT new_version BIGINT)
LANGUAGE plpgsql AS $$
DECLARE
    o customer_order;
    former TEXT;
BEGIN
    SELECT * INTO o FROM customer_order WHERE id = the_id AND user_id = asker FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'unknown';
        RETURN;
    END IF;
    SELECT version INTO new_version FROM order_collection WHERE user_id = asker FOR UPDATE;
    IF o.status NOT IN ('pending', 'confirmed') THEN
        outcome := 'already';
        RETURN;
    END IF;
    IF new_version <> expected THEN
        outcome := 'changed';
        RETURN;
    END IF;

    outcome := 'cancelling';
    former := o.status;
    UPDATE customer_order
    SET step = 'compensate', status = 'cancelling', revision = revision + 1, reason = NULL, about = NULL, attempts = 0,
        due_at = now() + lease_millis * interval '1 millisecond'
    WHERE id = the_id
    RETURNING * INTO o;
    UPDATE order_collection
    SET version = version + 1, content = content # order_hash(the_id, former) # order_hash(the_id, 'cancelling')
    WHERE user_id = asker
    RETURNING version INTO new_version;
    PERFORM tell_order(o, 'order.cancelling');
END $$;
--rollback DROP FUNCTION cancel_order(UUID, INTEGER, BIGINT, BIGINT);
