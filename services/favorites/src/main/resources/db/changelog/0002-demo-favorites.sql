--liquibase formatted sql

--changeset vitrina:0002-demo-favorites context:demo
INSERT INTO user_favorite (user_id, product_id)
VALUES (1, 1), (1, 2), (1, 3), (3, 1), (3, 2), (3, 3)
ON CONFLICT (user_id, product_id) DO NOTHING;
--rollback DELETE FROM user_favorite WHERE user_id IN (1, 3) AND product_id IN (1, 2, 3);
