--liquibase formatted sql

--changeset vitrina:platform-audit_trail-0001-table splitStatements:false rollbackSplitStatements:false labels:compatible
-- Who did what to what this service keeps (org.vitrina.persistence.trail). Triggers of the service's tables add to it, in the
-- transaction of the deed; nothing in it is personal but ids of users. Rows are never changed, and removed only when they are
-- a year old, whatever a program or a setting gets wrong.
CREATE TABLE audit_trail (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    done_at  TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    -- a user's id, a service's name, anybody with authentication off; with "database:" a role that changed a table by itself
    actor    TEXT NOT NULL,
    trace_id TEXT,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    -- whose it is, where it is a user's
    user_id  INTEGER,
    detail   TEXT NOT NULL
);
COMMENT ON TABLE audit_trail IS 'made by platform';
CREATE INDEX audit_trail_by_user ON audit_trail (user_id, position) WHERE user_id IS NOT NULL;
CREATE FUNCTION refuse_change_of_audit_trail() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of audit_trail are not changed, and removed only when they are a year old';
END $$;
CREATE TRIGGER audit_trail_stays BEFORE UPDATE OR TRUNCATE ON audit_trail
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_trail();
CREATE TRIGGER audit_trail_stays_a_year BEFORE DELETE ON audit_trail
FOR EACH ROW WHEN (OLD.done_at > now() - interval '365 days') EXECUTE FUNCTION refuse_change_of_audit_trail();
-- Adds a deed to the caller's transaction: the one way into the trail. Who acts is in the setting vitrina.deed, a trace id and
-- a name with a blank between, which AuditTrail sets until the end of the transaction.
CREATE FUNCTION add_to_audit_trail(did TEXT, to_subject TEXT, of_user INTEGER, told TEXT) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
    deed TEXT := coalesce(current_setting('vitrina.deed', true), '');
BEGIN
    INSERT INTO audit_trail (actor, trace_id, action, subject, user_id, detail)
    VALUES (
        CASE WHEN deed = '' THEN 'database:' || session_user ELSE substr(deed, strpos(deed, ' ') + 1) END,
        nullif(split_part(deed, ' ', 1), ''),
        did, to_subject, of_user, told);
END $$;
--rollback DROP FUNCTION add_to_audit_trail(TEXT, TEXT, INTEGER, TEXT);
--rollback DROP TABLE audit_trail;
--rollback DROP FUNCTION refuse_change_of_audit_trail();
