--liquibase formatted sql

-- For SQL functions of services that claim a key in the one statement of the change itself; Java has IdempotencyRecords.

--changeset vitrina:platform-idempotency_record-0002-claim splitStatements:false labels:compatible
-- Claims a free key for a subject, in the caller's transaction; false, and nothing changed, where it is taken.
CREATE FUNCTION claim_idempotency_key(
    of_user INTEGER, for_operation TEXT, the_key TEXT, print BYTEA, for_subject UUID, lease_millis BIGINT) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO idempotency_record (user_id, operation, key, fingerprint, subject, lease_until)
    VALUES (of_user, for_operation, the_key, print, for_subject, now() + lease_millis * interval '1 millisecond')
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;
--rollback DROP FUNCTION claim_idempotency_key(INTEGER, TEXT, TEXT, BYTEA, UUID, BIGINT);

--changeset vitrina:platform-idempotency_record-0002-free splitStatements:false labels:compatible
-- Gives the key back, where it stands for this subject.
CREATE FUNCTION free_idempotency_key(of_user INTEGER, for_operation TEXT, the_key TEXT, for_subject UUID) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM idempotency_record
    WHERE user_id = of_user AND operation = for_operation AND key = the_key AND subject = for_subject;
    RETURN FOUND;
END $$;
--rollback DROP FUNCTION free_idempotency_key(INTEGER, TEXT, TEXT, UUID);
