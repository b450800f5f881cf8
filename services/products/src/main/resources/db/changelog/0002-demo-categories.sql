--liquibase formatted sql

--changeset vitrina:0002-demo-categories context:demo
INSERT INTO category (id, name) VALUES
    (1, 'Кухня и посуда'),
    (2, 'Бытовая техника'),
    (3, 'Электроника'),
    (4, 'Книги'),
    (5, 'Чай, кофе и сладости'),
    (6, 'Одежда и обувь'),
    (7, 'Дом и дача'),
    (8, 'Спорт, туризм и игры')
ON CONFLICT (id) DO NOTHING;
--rollback DELETE FROM category WHERE id BETWEEN 1 AND 8;
