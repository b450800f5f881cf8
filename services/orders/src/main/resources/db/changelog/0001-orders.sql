--liquibase formatted sql

--changeset vitrina:0001-orders
-- A user's orders as a whole: what If-Match is compared with. No row means version 0 and no orders.
CREATE TABLE order_collection (
    user_id  INTEGER  PRIMARY KEY CHECK (user_id > 0),
    version  BIGINT   NOT NULL,
    -- of the newest order
    sequence BIGINT   NOT NULL,
    -- the hashes of all orders' ids and states, joined by exclusive or: a change needs no look at the others
    content  BIT(128) NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE customer_order (
    id          UUID           PRIMARY KEY,
    user_id     INTEGER        NOT NULL CHECK (user_id > 0),
    sequence    BIGINT         NOT NULL,
    -- the key that it was placed with
    request_key TEXT           NOT NULL,
    status      TEXT           NOT NULL
        CHECK (status IN ('pending', 'confirmed', 'rejected', 'cancelling', 'cancelled')),
    -- counts the changes of status, from 1
    revision    INTEGER        NOT NULL,
    -- [{"id":1,"price":"2500.00","quantity":1}], as it is answered
    lines       TEXT           NOT NULL,
    total       NUMERIC(14, 2) NOT NULL CHECK (total >= 0),
    shipping_to TEXT           NOT NULL,
    phone       TEXT,
    -- why it is being, or was, rejected; none for a cancelled one
    reason      TEXT,
    about       TEXT,
    -- what is still to be done: the saga's state
    step        TEXT           NOT NULL CHECK (step IN ('charge', 'compensate', 'commit', 'none')),
    -- tries of this step that the sweeper made
    attempts    INTEGER        NOT NULL,
    -- until then somebody is at it, or it rests after a failure; then any instance may take it
    due_at      TIMESTAMPTZ    NOT NULL,
    created_at  TIMESTAMPTZ    NOT NULL,
    UNIQUE (user_id, sequence)
) WITH (fillfactor = 70);
CREATE INDEX customer_order_due ON customer_order (due_at) WHERE step <> 'none';
--rollback DROP TABLE customer_order; DROP TABLE order_collection;
