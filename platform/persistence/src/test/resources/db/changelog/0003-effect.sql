--liquibase formatted sql

--changeset vitrina:0003-effect
CREATE TABLE effect (
    user_id INTEGER NOT NULL,
    text    TEXT    NOT NULL
);
--rollback DROP TABLE effect;
