--liquibase formatted sql

--changeset vitrina:0001-favorites
CREATE TABLE user_favorite (
    user_id    INTEGER NOT NULL CHECK (user_id > 0),
    product_id INTEGER NOT NULL CHECK (product_id > 0),
    PRIMARY KEY (user_id, product_id)
);
--rollback DROP TABLE user_favorite;
