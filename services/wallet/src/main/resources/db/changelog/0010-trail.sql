--liquibase formatted sql

--changeset vitrina:0010-trail splitStatements:false rollbackSplitStatements:false labels:compatible
-- Who moved whose money: a line of the audit trail for each entry of the ledger.
SET LOCAL lock_timeout = '3s';
CREATE FUNCTION tell_entry() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_audit_trail(
        CASE
            WHEN NEW.house_account = 'top-ups' THEN 'top-up'
            WHEN NEW.house_account = 'sales' AND NEW.amount < 0 THEN 'debit'
            WHEN NEW.house_account = 'sales' THEN 'refund'
            ELSE NEW.house_account
        END,
        coalesce('order ' || NEW.order_id, 'wallet ' || NEW.user_id), NEW.user_id, NEW.amount::text);
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_told AFTER INSERT ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION tell_entry();
--rollback DROP TRIGGER ledger_entry_told ON ledger_entry;
--rollback DROP FUNCTION tell_entry();
