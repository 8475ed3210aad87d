-- Who took a winning ticket over to redeem it, and why the last try to redeem it, or to hand it over, failed.
ALTER TABLE winners ADD COLUMN redeemer TEXT;
ALTER TABLE winners ADD COLUMN failure TEXT;

PRAGMA user_version = 2;
