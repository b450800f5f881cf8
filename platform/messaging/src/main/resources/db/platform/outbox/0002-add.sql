--liquibase formatted sql

--changeset vitrina:platform-outbox-0002-add splitStatements:false labels:compatible
-- Adds an event to the caller's transaction: the one way into the outbox, for Java (org.vitrina.messaging.Outbox) and for SQL
-- functions of services. Answers its position.
CREATE FUNCTION add_to_outbox(
    id UUID, to_exchange TEXT, by_routing_key TEXT, by_ordering_key TEXT, with_headers TEXT, content BYTEA) RETURNS BIGINT
LANGUAGE plpgsql AS $$
DECLARE
    added BIGINT;
BEGIN
    INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, headers, body)
    VALUES (id, to_exchange, by_routing_key, by_ordering_key, with_headers, content)
    RETURNING position INTO added;
    RETURN added;
END $$;
--rollback DROP FUNCTION add_to_outbox(UUID, TEXT, TEXT, TEXT, TEXT, BYTEA);
