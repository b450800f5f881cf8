--liquibase formatted sql

--changeset vitrina:0002-demo-levels context:demo
-- The demo catalogue's 200 products: most in plenty, each 11th nearly gone, each 23rd sold out.
INSERT INTO inventory (product_id, on_hand)
SELECT id,
       CASE
           WHEN id % 23 = 0 THEN 0
           WHEN id % 11 = 0 THEN 1 + id % 3
           ELSE 20 + id * 37 % 181
       END
FROM generate_series(1, 200) AS id
ON CONFLICT (product_id) DO NOTHING;
--rollback DELETE FROM inventory WHERE product_id BETWEEN 1 AND 200;
