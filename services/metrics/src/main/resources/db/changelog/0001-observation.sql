--liquibase formatted sql

--changeset vitrina:0001-observation
-- A row for each id, with what has come of it. The first truth and the first prediction count. A pair gets a position in the
-- order in which pairs become visible.
CREATE TABLE observation (
    id            TEXT PRIMARY KEY,
    truth         DOUBLE PRECISION,
    prediction    DOUBLE PRECISION,
    model_version TEXT,
    features      TEXT,
    first_at      TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    position      BIGINT UNIQUE,
    error         DOUBLE PRECISION,
    paired_at     TIMESTAMPTZ,
    CONSTRAINT something_is_known CHECK (truth IS NOT NULL OR prediction IS NOT NULL),
    CONSTRAINT a_pair_is_whole CHECK ((position IS NULL) = (truth IS NULL OR prediction IS NULL)
                                      AND (position IS NULL) = (paired_at IS NULL)
                                      AND (position IS NULL) = (error IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX observation_waiting ON observation (first_at) WHERE position IS NULL;
CREATE INDEX observation_by_time ON observation (paired_at) WHERE position IS NOT NULL;
CREATE SEQUENCE observation_position;
--rollback DROP SEQUENCE observation_position;
--rollback DROP TABLE observation;
