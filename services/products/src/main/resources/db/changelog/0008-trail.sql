--liquibase formatted sql

--changeset vitrina:0008-trail splitStatements:false rollbackSplitStatements:false labels:compatible
-- Who changed the catalogue: a line of the audit trail for each product that is made, changed or removed, with what it was and
-- is; of features only that they are others.
SET LOCAL lock_timeout = '3s';
CREATE FUNCTION tell_product() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_audit_trail(
        CASE TG_OP WHEN 'INSERT' THEN 'product-made' WHEN 'UPDATE' THEN 'product-changed' ELSE 'product-removed' END,
        'product ' || coalesce(NEW.id, OLD.id), NULL,
        concat_ws('; ',
            CASE WHEN OLD.name IS DISTINCT FROM NEW.name
                 THEN 'name ' || coalesce(OLD.name, 'none') || ' -> ' || coalesce(NEW.name, 'none') END,
            CASE WHEN OLD.price IS DISTINCT FROM NEW.price
                 THEN 'price ' || coalesce(OLD.price::text, 'none') || ' -> ' || coalesce(NEW.price::text, 'none') END,
            CASE WHEN OLD.category_id IS DISTINCT FROM NEW.category_id
                 THEN 'category ' || coalesce(OLD.category_id::text, 'none') || ' -> '
                      || coalesce(NEW.category_id::text, 'none') END,
            CASE WHEN OLD.features IS DISTINCT FROM NEW.features THEN 'features' END));
    RETURN NULL;
END $$;
CREATE TRIGGER product_made_or_removed AFTER INSERT OR DELETE ON product
FOR EACH ROW EXECUTE FUNCTION tell_product();
CREATE TRIGGER product_set AFTER UPDATE ON product
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION tell_product();
--rollback DROP TRIGGER product_set ON product;
--rollback DROP TRIGGER product_made_or_removed ON product;
--rollback DROP FUNCTION tell_product();
