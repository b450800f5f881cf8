--liquibase formatted sql

--changeset vitrina:0004-ended runInTransaction:false labels:compatible
-- What the purge of old notifications looks for, those that were given up among them: no redrive takes up what is so old.
CREATE INDEX CONCURRENTLY IF NOT EXISTS notification_ended ON notification (settled_at) WHERE settled_at IS NOT NULL;
--rollback DROP INDEX notification_ended;

--changeset vitrina:0004-no-settled runInTransaction:false labels:compatible
-- notification_ended has them all.
DROP INDEX CONCURRENTLY IF EXISTS notification_settled;
--rollback CREATE INDEX CONCURRENTLY IF NOT EXISTS notification_settled ON notification (settled_at) WHERE state <> 'dead';

--changeset vitrina:0004-erased-user labels:compatible
-- Users who were erased, and when: an event from before that comes late is recorded without number and text.
CREATE TABLE erased_user (
    user_id   INTEGER PRIMARY KEY CHECK (user_id > 0),
    erased_at TIMESTAMPTZ NOT NULL
);
--rollback DROP TABLE erased_user;

--changeset vitrina:0004-erase-user splitStatements:false rollbackSplitStatements:false labels:compatible
-- Nothing is sent to the user from here on of what happened before, and late events are known by erased_user. Answers how many
-- messages may be at the provider without our knowing (then nothing is done). Who takes an event in holds the user's lock
-- shared meanwhile, so that none is written here unseen.
CREATE FUNCTION erase_user(who INTEGER) RETURNS BIGINT
LANGUAGE plpgsql AS $$
DECLARE
    on_its_way BIGINT;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('user ' || who, 0));
    PERFORM 1 FROM notification WHERE user_id = who ORDER BY position FOR UPDATE;
    SELECT count(*) INTO on_its_way FROM notification WHERE user_id = who AND state = 'sending';
    IF on_its_way = 0 THEN
        INSERT INTO erased_user (user_id, erased_at) VALUES (who, clock_timestamp())
        ON CONFLICT (user_id) DO UPDATE SET erased_at = excluded.erased_at;
        UPDATE notification
        SET state = 'suppressed', reason = 'the user was erased', settled_at = clock_timestamp()
        WHERE user_id = who AND state IN ('received', 'dead');
    END IF;
    RETURN on_its_way;
END $$;
--rollback DROP FUNCTION erase_user(INTEGER);
