--liquibase formatted sql

--changeset vitrina:0001-messaging
CREATE TABLE note (
    id   INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text TEXT NOT NULL
);
--rollback DROP TABLE note;
