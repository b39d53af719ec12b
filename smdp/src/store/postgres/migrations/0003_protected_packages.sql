-- A package that is handed out under profile protection keys is protected as it comes in: `content` is then its profile elements
-- as they travel, and the sealed keys stand beside it. Those from before stay sealed, and are protected each
-- time they are bound.

ALTER TABLE profile_package ADD COLUMN protection_keys BYTEA;
