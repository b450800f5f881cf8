--liquibase formatted sql

--changeset vitrina:0003-demo-money context:demo
-- The demo's users have something to spend, by the same way as all money comes: through the ledger.
SELECT pay_in(id, 'opening', 100000.00) FROM generate_series(1, 5) AS id;
-- The way back ends here where some of it has been spent: that money cannot be taken back.
--rollback UPDATE wallet SET balance = balance - 100000.00 WHERE user_id BETWEEN 1 AND 5; DELETE FROM ledger_entry WHERE house_account = 'opening' AND user_id BETWEEN 1 AND 5;
