--liquibase formatted sql

--changeset vitrina:0001-cart
CREATE TABLE user_cart (
    user_id    INTEGER NOT NULL CHECK (user_id > 0),
    product_id INTEGER NOT NULL CHECK (product_id > 0),
    quantity   INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    PRIMARY KEY (user_id, product_id)
);
--rollback DROP TABLE user_cart;
