--liquibase formatted sql

--changeset vitrina:0001-inventory
-- reserved belongs to reservations (orders); what can be sold is on_hand - reserved and never negative.
CREATE TABLE inventory (
    product_id INTEGER PRIMARY KEY CHECK (product_id > 0),
    on_hand    INTEGER NOT NULL CHECK (on_hand >= 0),
    reserved   INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    CONSTRAINT reserved_is_on_hand CHECK (reserved <= on_hand)
);
--rollback DROP TABLE inventory;
