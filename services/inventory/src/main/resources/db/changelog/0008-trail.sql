--liquibase formatted sql

--changeset vitrina:0008-trail splitStatements:false rollbackSplitStatements:false labels:compatible
-- Who moved stock: a line of the audit trail for each level that is set, and for each order whose goods leave or come back.
-- What is merely held for an order moves nothing.
SET LOCAL lock_timeout = '3s';
CREATE FUNCTION tell_level() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_audit_trail(
        'stock-set', 'product ' || coalesce(NEW.product_id, OLD.product_id), NULL,
        concat_ws(' -> ', coalesce(OLD.on_hand::text, 'none'), coalesce(NEW.on_hand::text, 'none')));
    RETURN NULL;
END $$;
CREATE TRIGGER level_made_or_removed AFTER INSERT OR DELETE ON inventory
FOR EACH ROW EXECUTE FUNCTION tell_level();
CREATE TRIGGER level_set AFTER UPDATE OF on_hand ON inventory
FOR EACH ROW WHEN (OLD.on_hand <> NEW.on_hand AND OLD.sold = NEW.sold) EXECUTE FUNCTION tell_level();
CREATE FUNCTION tell_goods() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_audit_trail(
        CASE NEW.state WHEN 'committed' THEN 'stock-sold' ELSE 'stock-returned' END,
        'order ' || NEW.order_id, NULL,
        (SELECT string_agg(quantity || ' of product ' || product_id, ', ')
         FROM unnest(NEW.product_ids, NEW.quantities) AS item (product_id, quantity)));
    RETURN NULL;
END $$;
CREATE TRIGGER goods_moved AFTER UPDATE OF state ON reservation
FOR EACH ROW WHEN (OLD.state <> NEW.state AND 'committed' IN (OLD.state, NEW.state)) EXECUTE FUNCTION tell_goods();
--rollback DROP TRIGGER goods_moved ON reservation;
--rollback DROP FUNCTION tell_goods();
--rollback DROP TRIGGER level_set ON inventory;
--rollback DROP TRIGGER level_made_or_removed ON inventory;
--rollback DROP FUNCTION tell_level();
