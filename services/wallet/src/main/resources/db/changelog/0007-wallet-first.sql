--liquibase formatted sql

--changeset vitrina:0007-wallet-first splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0002, but in the order of locks of take_for_order: the wallet, then the order's row. In the reverse order a debit that
-- comes again while it is given back, and that giving back, wait for each other until the database ends one of them.
CREATE OR REPLACE FUNCTION give_back(payer INTEGER, paid_order UUID) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
DECLARE
    known debit%ROWTYPE;
BEGIN
    -- nobody waits for a wallet who has an order's row
    PERFORM 1 FROM wallet WHERE user_id = payer FOR NO KEY UPDATE;
    LOOP
        SELECT * INTO known FROM debit WHERE order_id = paid_order FOR UPDATE;
        IF NOT FOUND THEN
            -- waits for a debit that is being made, and then finds it
            INSERT INTO debit (order_id, user_id, cancelled_at) VALUES (paid_order, payer, now())
            ON CONFLICT (order_id) DO NOTHING;
            IF FOUND THEN
                RETURN TRUE;
            END IF;
            CONTINUE;
        END IF;
        IF known.user_id <> payer THEN
            RETURN FALSE;
        END IF;
        IF known.cancelled_at IS NULL THEN
            UPDATE debit SET cancelled_at = now() WHERE order_id = paid_order;
            IF known.amount > 0 THEN
                UPDATE wallet SET balance = balance + known.amount WHERE user_id = payer;
                INSERT INTO ledger_entry (user_id, house_account, amount, order_id)
                VALUES (payer, 'sales', known.amount, paid_order);
            END IF;
        END IF;
        RETURN TRUE;
    END LOOP;
END $$;
--rollback CREATE OR REPLACE FUNCTION give_back(payer INTEGER, paid_order UUID) RETURNS BOOLEAN
--rollback LANGUAGE plpgsql AS $$
--rollback DECLARE
--rollback     known debit%ROWTYPE;
--rollback BEGIN
--rollback     LOOP
--rollback         SELECT * INTO known FROM debit WHERE order_id = paid_order FOR UPDATE;
--rollback         IF NOT FOUND THEN
--rollback             -- waits for a debit that is being made, and then finds it
--rollback             INSERT INTO debit (order_id, user_id, cancelled_at) VALUES (paid_order, payer, now())
--rollback             ON CONFLICT (order_id) DO NOTHING;
--rollback             IF FOUND THEN
--rollback                 RETURN TRUE;
--rollback             END IF;
--rollback             CONTINUE;
--rollback         END IF;
--rollback         IF known.user_id <> payer THEN
--rollback             RETURN FALSE;
--rollback         END IF;
--rollback         IF known.cancelled_at IS NULL THEN
--rollback             UPDATE debit SET cancelled_at = now() WHERE order_id = paid_order;
--rollback             IF known.amount > 0 THEN
--rollback                 UPDATE wallet SET balance = balance + known.amount WHERE user_id = payer;
--rollback                 INSERT INTO ledger_entry (user_id, house_account, amount, order_id)
--rollback                 VALUES (payer, 'sales', known.amount, paid_order);
--rollback             END IF;
--rollback         END IF;
--rollback         RETURN TRUE;
--rollback     END LOOP;
--rollback END $$;
