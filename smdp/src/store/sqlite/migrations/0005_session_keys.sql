-- Of a package that is encrypted under session keys, these are kept and sealed: `content` is then InitialiseSecureChannel alone, and
-- the rest is made again of the profile. What was bound before stays whole.

ALTER TABLE bound_package ADD COLUMN session_keys BLOB;
