--liquibase formatted sql

--changeset vitrina:0009-trail splitStatements:false rollbackSplitStatements:false labels:compatible
-- Who changed what the model learns by, removed predictions, or had all made anew: a line of the audit trail for each.
SET LOCAL lock_timeout = '3s';
CREATE FUNCTION tell_classifier() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_audit_trail(
        'classifier-set', 'classifier ' || NEW.id, NULL,
        concat_ws('; ',
            CASE WHEN OLD.l1 IS DISTINCT FROM NEW.l1
                 THEN 'L1 ' || coalesce(OLD.l1::text, 'none') || ' -> ' || coalesce(NEW.l1::text, 'none') END,
            CASE WHEN OLD.l2 IS DISTINCT FROM NEW.l2
                 THEN 'L2 ' || coalesce(OLD.l2::text, 'none') || ' -> ' || coalesce(NEW.l2::text, 'none') END));
    RETURN NULL;
END $$;
CREATE TRIGGER classifier_set AFTER UPDATE ON classifier
FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION tell_classifier();
CREATE FUNCTION tell_forgotten() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_audit_trail('predictions-removed', 'product ' || NEW.product_id, NULL, '');
    RETURN NULL;
END $$;
CREATE TRIGGER predictions_removed AFTER UPDATE OF value ON product
FOR EACH ROW WHEN (OLD.value IS NOT NULL AND NEW.value IS NULL) EXECUTE FUNCTION tell_forgotten();
CREATE FUNCTION tell_recomputation() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_audit_trail('recompute', 'run ' || NEW.run, NULL, NEW.products || ' products');
    RETURN NULL;
END $$;
CREATE TRIGGER recomputation_begun AFTER INSERT ON recomputation
FOR EACH ROW EXECUTE FUNCTION tell_recomputation();
--rollback DROP TRIGGER recomputation_begun ON recomputation;
--rollback DROP FUNCTION tell_recomputation();
--rollback DROP TRIGGER predictions_removed ON product;
--rollback DROP FUNCTION tell_forgotten();
--rollback DROP TRIGGER classifier_set ON classifier;
--rollback DROP FUNCTION tell_classifier();
