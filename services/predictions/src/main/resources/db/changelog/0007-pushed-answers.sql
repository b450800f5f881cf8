--liquibase formatted sql

--changeset vitrina:0007-client labels:compatible
-- A client names itself by a UUID that it made, and is told all answers to its requests, numbered in the order of their commits.
ALTER TABLE prediction_request ADD COLUMN client UUID, ADD COLUMN client_answer BIGINT;
CREATE INDEX prediction_request_of_client ON prediction_request (client, client_answer) WHERE client IS NOT NULL;
CREATE TABLE prediction_client (
    client      UUID PRIMARY KEY,
    answers     BIGINT NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX prediction_client_age ON prediction_client (answered_at);
--rollback DROP TABLE prediction_client;
--rollback DROP INDEX prediction_request_of_client;
--rollback ALTER TABLE prediction_request DROP COLUMN client, DROP COLUMN client_answer;

--changeset vitrina:0007-request-answered splitStatements:false rollbackSplitStatements:false labels:compatible
-- Takes in an answer of the model; tells whether the request waited for one. The client's row is locked until the commit, so
-- that whoever has seen an answer's number has seen, or can see, all lower ones.
CREATE FUNCTION request_answered(asked UUID, new_value DOUBLE PRECISION, by_model TEXT) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
DECLARE
    of_client UUID;
    number BIGINT;
BEGIN
    SELECT client INTO of_client FROM prediction_request WHERE id = asked AND answered_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN FALSE;
    END IF;
    IF of_client IS NOT NULL THEN
        INSERT INTO prediction_client AS known (client, answers, answered_at)
        VALUES (of_client, 1, clock_timestamp())
        ON CONFLICT (client) DO UPDATE SET answers = known.answers + 1, answered_at = clock_timestamp()
        RETURNING answers INTO number;
    END IF;
    UPDATE prediction_request
    SET value = new_value, model_version = by_model, answered_at = clock_timestamp(), client_answer = number
    WHERE id = asked;
    RETURN TRUE;
END $$;
--rollback DROP FUNCTION request_answered(UUID, DOUBLE PRECISION, TEXT);
