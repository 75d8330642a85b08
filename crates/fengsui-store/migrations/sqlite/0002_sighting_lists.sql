-- Sightings are listed by time, of one value or of one asset; equal times go by the row's own number,
-- so that a cursor stays short however long a value is.
DROP INDEX sighting_by_time;
CREATE INDEX sighting_by_time ON sighting (last_at);
CREATE INDEX sighting_by_value ON sighting (value, last_at);
CREATE INDEX sighting_by_asset ON sighting (asset, last_at);
