--liquibase formatted sql

--changeset vitrina:0013-trail splitStatements:false rollbackSplitStatements:false labels:compatible
-- Who placed and who cancelled an order: what the saga makes of it is in its steps.
SET LOCAL lock_timeout = '3s';
CREATE FUNCTION tell_wish() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_audit_trail(
        CASE TG_OP WHEN 'INSERT' THEN 'order-placed' ELSE 'order-cancelled' END,
        'order ' || NEW.id, NEW.user_id, NEW.total::text);
    RETURN NULL;
END $$;
CREATE TRIGGER order_placed AFTER INSERT ON customer_order
FOR EACH ROW EXECUTE FUNCTION tell_wish();
CREATE TRIGGER order_cancelled AFTER UPDATE OF status ON customer_order
FOR EACH ROW WHEN (NEW.status = 'cancelling' AND OLD.status <> 'cancelling') EXECUTE FUNCTION tell_wish();
--rollback DROP TRIGGER order_cancelled ON customer_order;
--rollback DROP TRIGGER order_placed ON customer_order;
--rollback DROP FUNCTION tell_wish();

--changeset vitrina:0013-led-by splitStatements:false rollbackSplitStatements:false labels:compatible
-- As in 0010, and the instance that led the order on.
CREATE OR REPLACE FUNCTION keep_order_step() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    NEW.steps := coalesce(OLD.steps, '[]') || jsonb_build_object(
        'step', OLD.step, 'status', OLD.status, 'tries', OLD.attempts, 'ended_at', clock_timestamp(),
        'led_by', current_setting('application_name'));
    RETURN NEW;
END $$;
--rollback CREATE OR REPLACE FUNCTION keep_order_step() RETURNS TRIGGER
--rollback LANGUAGE plpgsql AS $$
--rollback BEGIN
--rollback     NEW.steps := coalesce(OLD.steps, '[]') || jsonb_build_object(
--rollback         'step', OLD.step, 'status', OLD.status, 'tries', OLD.attempts, 'ended_at', clock_timestamp());
--rollback     RETURN NEW;
--rollback END $$;
