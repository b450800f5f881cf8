--liquibase formatted sql

--changeset vitrina:0003-reservations
-- What left the warehouse for orders: on_hand went down by as much, so that stock lost or doubled shows in the audit.
-- Room in the pages, so that a new level of a product that everybody buys needs no new index entry.
ALTER TABLE inventory ADD COLUMN sold BIGINT NOT NULL DEFAULT 0 CHECK (sold >= 0);
ALTER TABLE inventory SET (fillfactor = 50);

-- One row an order, its products in the order of their ids. held: counted in inventory.reserved until expires_at; committed:
-- counted in inventory.sold; expired, released: counted nowhere. Released without products it is a tombstone that keeps a late
-- reservation out.
CREATE TABLE reservation (
    order_id    UUID PRIMARY KEY,
    state       TEXT NOT NULL CHECK (state IN ('held', 'committed', 'expired', 'released')),
    product_ids INTEGER[] NOT NULL,
    quantities  INTEGER[] NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ,
    CONSTRAINT a_quantity_each CHECK (cardinality(product_ids) = cardinality(quantities)),
    CONSTRAINT ended_when_over CHECK ((state IN ('expired', 'released')) = (ended_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX reservation_held ON reservation (expires_at) WHERE state = 'held';
CREATE INDEX reservation_ended ON reservation (ended_at) WHERE ended_at IS NOT NULL;
--rollback DROP TABLE reservation; ALTER TABLE inventory RESET (fillfactor); ALTER TABLE inventory DROP COLUMN sold;
