--liquibase formatted sql

--changeset vitrina:0010-steps-kept splitStatements:false rollbackSplitStatements:false labels:compatible
-- What an order has been through, for operators: an entry for each step or status that has ended, so at most a handful. An
-- order from before has those that came since.
SET LOCAL lock_timeout = '3s';
ALTER TABLE customer_order ADD COLUMN steps JSONB;
CREATE FUNCTION keep_order_step() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    NEW.steps := coalesce(OLD.steps, '[]') || jsonb_build_object(
        'step', OLD.step, 'status', OLD.status, 'tries', OLD.attempts, 'ended_at', clock_timestamp());
    RETURN NEW;
END $$;
CREATE TRIGGER order_step_ended BEFORE UPDATE ON customer_order
FOR EACH ROW WHEN (OLD.step <> NEW.step OR OLD.status <> NEW.status)
EXECUTE FUNCTION keep_order_step();
--rollback DROP TRIGGER order_step_ended ON customer_order;
--rollback DROP FUNCTION keep_order_step();
--rollback ALTER TABLE customer_order DROP COLUMN steps;
