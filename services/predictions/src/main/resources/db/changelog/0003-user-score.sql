--liquibase formatted sql

--changeset vitrina:0003-user-score
-- period is a month (2021-03) or a day (2021-03-01).
CREATE TABLE user_score (
    user_id INTEGER NOT NULL CHECK (user_id > 0),
    period  TEXT NOT NULL CHECK (period ~ '^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$'),
    score   DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (user_id, period)
);
--rollback DROP TABLE user_score;
