--liquibase formatted sql

--changeset vitrina:0003-purge runInTransaction:false labels:compatible
-- What the purge of old notifications looks for.
CREATE INDEX CONCURRENTLY IF NOT EXISTS notification_settled ON notification (settled_at) WHERE state <> 'dead';
--rollback DROP INDEX notification_settled;
