--liquibase formatted sql

--changeset vitrina:0005-room-for-refunds splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0002, but a wallet that is filled up keeps room for what orders may still bring back: a refund that finds none would
-- fail for ever. So what a wallet has and may get back is never more than an amount can say.
CREATE OR REPLACE FUNCTION pay_in(payee INTEGER, source TEXT, paid NUMERIC) RETURNS NUMERIC
LANGUAGE plpgsql AS $$
DECLARE
    balance_then NUMERIC(14, 2);
    may_come_back NUMERIC;
BEGIN
    INSERT INTO wallet (user_id, balance) VALUES (payee, 0) ON CONFLICT (user_id) DO NOTHING;
    -- from here on no debit of this user's begins or ends
    PERFORM 1 FROM wallet WHERE user_id = payee FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO may_come_back FROM debit WHERE user_id = payee AND cancelled_at IS NULL;
    UPDATE wallet SET balance = balance + paid
    WHERE user_id = payee AND balance + may_come_back + paid <= 999999999999.99
    RETURNING balance INTO balance_then;
    IF FOUND THEN
        INSERT INTO ledger_entry (user_id, house_account, amount) VALUES (payee, source, paid);
    END IF;
    RETURN balance_then;
END $$;
--rollback CREATE OR REPLACE FUNCTION pay_in(payee INTEGER, source TEXT, paid NUMERIC) RETURNS NUMERIC
--rollback LANGUAGE plpgsql AS $$
--rollback DECLARE
--rollback     balance_then NUMERIC(14, 2);
--rollback BEGIN
--rollback     INSERT INTO wallet AS kept (user_id, balance) VALUES (payee, paid)
--rollback     ON CONFLICT (user_id) DO UPDATE SET balance = kept.balance + excluded.balance
--rollback     WHERE kept.balance + excluded.balance <= 999999999999.99
--rollback     RETURNING balance INTO balance_then;
--rollback     IF FOUND THEN
--rollback         INSERT INTO ledger_entry (user_id, house_account, amount) VALUES (payee, source, paid);
--rollback     END IF;
--rollback     RETURN balance_then;
--rollback END $$;
