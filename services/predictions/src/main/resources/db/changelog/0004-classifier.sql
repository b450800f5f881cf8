--liquibase formatted sql

--changeset vitrina:0004-classifier
-- Weights of regularisation; version is the entity tag, 0 while a row is being made.
CREATE TABLE classifier (
    id      INTEGER PRIMARY KEY CHECK (id > 0),
    l1      DOUBLE PRECISION,
    l2      DOUBLE PRECISION,
    version BIGINT NOT NULL DEFAULT 0
);
--rollback DROP TABLE classifier;
