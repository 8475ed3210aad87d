CREATE TABLE added_later (name TEXT);
PRAGMA user_version = 3;
