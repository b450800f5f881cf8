--liquibase formatted sql

--changeset vitrina:0002-demo-carts context:demo
INSERT INTO user_cart (user_id, product_id, quantity)
VALUES (1, 1, 1), (1, 2, 1), (1, 3, 1), (2, 1, 1), (2, 2, 1), (2, 5, 1)
ON CONFLICT (user_id, product_id) DO NOTHING;
--rollback DELETE FROM user_cart WHERE (user_id, product_id) IN ((1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 5));
