--liquibase formatted sql

--changeset vitrina:0005-traceparent splitStatements:false labels:compatible
-- What carries the trace of the event, where that is recorded: its tries are parts of it.
SET LOCAL lock_timeout = '3s';
ALTER TABLE notification ADD COLUMN traceparent TEXT;
--rollback ALTER TABLE notification DROP COLUMN traceparent;
