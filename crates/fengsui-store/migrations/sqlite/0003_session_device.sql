-- What signed in, and from where: so that people can tell their own sessions apart.
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
