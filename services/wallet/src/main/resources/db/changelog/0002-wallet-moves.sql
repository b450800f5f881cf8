--liquibase formatted sql

--changeset vitrina:0002-take-for-order splitStatements:false
-- Each move of money is one statement, hence one round trip and one transaction: locks are never held while the service is
-- busy with something else, and there is no instant between its steps at which a process could be killed.
-- Takes an order's money once. 'taken', 'same' (it was), 'differs' (with another amount, or from another user), 'cancelled'
-- (its cancellation came first), 'insufficient' (and nothing changed).
-- Order of locks here and below: the order's row where it exists, then the wallet.
CREATE FUNCTION take_for_order(payer INTEGER, paid_order UUID, price NUMERIC) RETURNS TEXT
LANGUAGE plpgsql AS $$
DECLARE
    known debit%ROWTYPE;
    enough BOOLEAN;
BEGIN
    LOOP
        SELECT * INTO known FROM debit WHERE order_id = paid_order;
        IF FOUND THEN
            RETURN CASE
                WHEN known.user_id <> payer THEN 'differs'
                WHEN known.cancelled_at IS NOT NULL THEN 'cancelled'
                WHEN known.amount <> price THEN 'differs'
                ELSE 'same'
            END;
        END IF;
        -- the guard against a race for the last of the money: whoever waited here for another sees what that one left
        UPDATE wallet SET balance = balance - price WHERE user_id = payer AND balance >= price;
        enough := FOUND OR price = 0;
        IF enough THEN
            INSERT INTO debit (order_id, user_id, amount) VALUES (paid_order, payer, price)
            ON CONFLICT (order_id) DO NOTHING;
            IF FOUND THEN
                IF price > 0 THEN
                    INSERT INTO ledger_entry (user_id, house_account, amount, order_id)
                    VALUES (payer, 'sales', -price, paid_order);
                END IF;
                RETURN 'taken';
            END IF;
            -- an equal request, or the cancellation, was faster: as if nothing had been, and look what it left
            UPDATE wallet SET balance = balance + price WHERE user_id = payer;
        ELSIF NOT EXISTS (SELECT FROM debit WHERE order_id = paid_order) THEN
            RETURN 'insufficient';
        END IF;
        -- else an equal request took the last of the money while this one waited
    END LOOP;
END $$;
--rollback DROP FUNCTION take_for_order(INTEGER, UUID, NUMERIC);

--changeset vitrina:0002-give-back splitStatements:false
-- Gives an order's money back once and keeps a later debit out. False, and nothing changed, where the order is another user's.
CREATE FUNCTION give_back(payer INTEGER, paid_order UUID) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
DECLARE
    known debit%ROWTYPE;
BEGIN
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
--rollback DROP FUNCTION give_back(INTEGER, UUID);

--changeset vitrina:0002-wallet-moves splitStatements:false
-- Pays in and answers the balance then; null, and nothing changed, where the wallet would hold more than an amount can say.
CREATE FUNCTION pay_in(payee INTEGER, source TEXT, paid NUMERIC) RETURNS NUMERIC
LANGUAGE plpgsql AS $$
DECLARE
    balance_then NUMERIC(14, 2);
BEGIN
    INSERT INTO wallet AS kept (user_id, balance) VALUES (payee, paid)
    ON CONFLICT (user_id) DO UPDATE SET balance = kept.balance + excluded.balance
    WHERE kept.balance + excluded.balance <= 999999999999.99
    RETURNING balance INTO balance_then;
    IF FOUND THEN
        INSERT INTO ledger_entry (user_id, house_account, amount) VALUES (payee, source, paid);
    END IF;
    RETURN balance_then;
END $$;
--rollback DROP FUNCTION pay_in(INTEGER, TEXT, NUMERIC);
