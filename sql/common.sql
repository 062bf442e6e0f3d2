-- common.sql: what primary.sql and dwh.sql begin with: one transaction, in which
-- nobody else changes the schema; the roles; the table of versions; and how a
-- session of pg-load begins.

\set ON_ERROR_STOP on
\o /dev/null
SET client_min_messages = warning;
SET search_path = public, pg_temp;

BEGIN;

-- One at a time, should several run it.
SELECT pg_advisory_xact_lock(hashtext('spot schema'));

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spot_loader') THEN
        CREATE ROLE spot_loader NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spot_analyst') THEN
        CREATE ROLE spot_analyst NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL; -- another database of this server made them just now
END
$$;

COMMENT ON ROLE spot_loader IS 'pg-load: may load, not define';
COMMENT ON ROLE spot_analyst IS 'readers and pg-backup: may read, no more';

CREATE TABLE IF NOT EXISTS schema_version (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE schema_version IS
'Which versions of this schema were applied, and when first.';
COMMENT ON COLUMN schema_version.version IS 'Counted from 1.';
COMMENT ON COLUMN schema_version.applied_at IS 'When it was first applied.';

-- Give the session private, empty copies of the stage tables, in pg_temp.
-- loader is the name of the run of pg-load, the same when it connects again.
CREATE OR REPLACE FUNCTION copy_stage(loader text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    type text;
BEGIN
    PERFORM set_config('spot.loader', loader, false);
    FOR type IN
        SELECT c.relname FROM pg_class AS c
        WHERE c.relnamespace = 'stage'::regnamespace AND c.relkind = 'r'
    LOOP
        EXECUTE format(
            'CREATE TEMP TABLE IF NOT EXISTS %I '
            '(LIKE stage.%I INCLUDING CONSTRAINTS) ON COMMIT DELETE ROWS',
            type, type);
    END LOOP;
END
$$;
