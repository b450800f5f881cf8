--liquibase formatted sql

--changeset vitrina:0001-note
CREATE TABLE note (
    id   integer PRIMARY KEY,
    text text NOT NULL
);
INSERT INTO note VALUES (1, 'first');
--rollback DROP TABLE note;
