--liquibase formatted sql

--changeset vitrina:0006-ended runInTransaction:false labels:compatible
-- What the audit counts of reservations that have ended, each minute on each replica: from here alone, whatever the rows.
CREATE INDEX CONCURRENTLY IF NOT EXISTS reservation_ended_state ON reservation (state) WHERE ended_at IS NOT NULL;
--rollback DROP INDEX reservation_ended_state;
