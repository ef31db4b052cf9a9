-- Where regions are, for a map, and who is to be named for what a registry gave.

ALTER TABLE region ADD COLUMN latitude REAL;   -- degrees; both, or neither where the place is not known
ALTER TABLE region ADD COLUMN longitude REAL;
ALTER TABLE registry ADD COLUMN attribution TEXT NOT NULL DEFAULT '';
