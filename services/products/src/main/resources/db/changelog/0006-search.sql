--liquibase formatted sql

--changeset vitrina:0006-search labels:compatible runInTransaction:false
--comment: Names change seldom and are searched often, so no search has to look through a list of what is not in the index yet. What people search: the words of a name. Marks part words, those too that PostgreSQL takes for parts of an address or, without a locale, of a word.
CREATE INDEX CONCURRENTLY IF NOT EXISTS product_words ON product
    USING gin (to_tsvector('simple', translate(name, '-+./\_@:%&?=#~"''()[]«»“”„‘’–—…·№×', '                                ')))
    WITH (fastupdate = off);
--rollback DROP INDEX CONCURRENTLY IF EXISTS product_words;
