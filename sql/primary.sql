-- primary.sql: the collection of playlists, and how a stream is loaded into it.
--
--	psql -d service=primary -f sql/primary.sql
--
-- Run it again at any time: what is there stays, functions and views are
-- renewed.  The records are described in spot(5).  The programs know no table:
--
--	stage         a table for each type of record, its columns are the keys
--	open_batch()  gives a session private copies of these to copy rows to
--	load_batch()  moves what was copied to the tables; returns what is done
--	close_batch() tells what is left undone
--	dump          a view for each type of record: the stream, see pg-backup(1)

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

-- Tables

CREATE TABLE IF NOT EXISTS schema_version (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE schema_version IS
'Which versions of primary.sql were applied, and when first.';
COMMENT ON COLUMN schema_version.version IS 'Counted from 1.';
COMMENT ON COLUMN schema_version.applied_at IS 'When it was first applied.';

INSERT INTO schema_version (version) VALUES (1) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS playlist (
    id text COLLATE "C" PRIMARY KEY,
    snapshot_id text COLLATE "C",
    name text,
    description text,
    owner text,
    public boolean,
    collaborative boolean,
    tracks_total integer CHECK (tracks_total >= 0),
    country text COLLATE "C" CHECK (country ~ '^[A-Z]{2}$'),
    query text,
    fetched_at timestamptz,
    items integer CHECK (items >= 0),
    skipped integer CHECK (skipped >= 0),
    changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CHECK ((items IS NULL) = (skipped IS NULL))
);

CREATE INDEX IF NOT EXISTS playlist_changed ON playlist (changed);

COMMENT ON TABLE playlist IS 'Playlists, and the state of their lists.';
COMMENT ON COLUMN playlist.id IS 'Spotify''s id.';
COMMENT ON COLUMN playlist.snapshot_id IS
'The version of the list whose items are here; null if nobody said.';
COMMENT ON COLUMN playlist.name IS 'As its owner wrote it.';
COMMENT ON COLUMN playlist.description IS 'As its owner wrote it.';
COMMENT ON COLUMN playlist.owner IS 'Spotify''s id of the user.';
COMMENT ON COLUMN playlist.public IS 'Does its owner show it?';
COMMENT ON COLUMN playlist.collaborative IS 'May others change it?';
COMMENT ON COLUMN playlist.tracks_total IS
'How many entries its list has, by its own account.';
COMMENT ON COLUMN playlist.country IS
'Searched for in this country, or its chart; ISO 3166-1, two letters.';
COMMENT ON COLUMN playlist.query IS 'The term that found it.';
COMMENT ON COLUMN playlist.fetched_at IS 'When Spotify was asked.';
COMMENT ON COLUMN playlist.items IS
'Entries in table item; null: known of, its list was never collected.';
COMMENT ON COLUMN playlist.skipped IS
'Entries that could not be used, see table skipped.';
COMMENT ON COLUMN playlist.changed IS
'The transaction that last changed it or its list, for pg-backup --since.';

CREATE TABLE IF NOT EXISTS track (
    id text COLLATE "C" PRIMARY KEY,
    isrc text COLLATE "C",
    danceability double precision CHECK (danceability BETWEEN 0 AND 1),
    energy double precision CHECK (energy BETWEEN 0 AND 1),
    key smallint CHECK (key BETWEEN -1 AND 11),
    loudness double precision CHECK (loudness BETWEEN -1000 AND 1000),
    mode smallint CHECK (mode IN (0, 1)),
    speechiness double precision CHECK (speechiness BETWEEN 0 AND 1),
    acousticness double precision CHECK (acousticness BETWEEN 0 AND 1),
    instrumentalness double precision
    CHECK (instrumentalness BETWEEN 0 AND 1),
    liveness double precision CHECK (liveness BETWEEN 0 AND 1),
    valence double precision CHECK (valence BETWEEN 0 AND 1),
    tempo double precision CHECK (tempo BETWEEN 0 AND 1000),
    time_signature smallint CHECK (time_signature BETWEEN 0 AND 32),
    features_source text COLLATE "C",
    features_reason text COLLATE "C",
    duration_ms integer CHECK (duration_ms >= 0),
    explicit boolean,
    popularity smallint CHECK (popularity BETWEEN 0 AND 100),
    name text,
    artists text [],
    album text,
    release_date text COLLATE "C",
    available_markets text COLLATE "C",
    fetched_at timestamptz,
    changed xid8 NOT NULL DEFAULT pg_current_xact_id()
);

CREATE INDEX IF NOT EXISTS track_changed ON track (changed);

COMMENT ON TABLE track IS 'Tracks with their audio features.';
COMMENT ON COLUMN track.id IS 'Spotify''s id.';
COMMENT ON COLUMN track.isrc IS
'The recording''s code, ISO 3901; begins with the country that issued it.';
COMMENT ON COLUMN track.danceability IS '0 to 1.';
COMMENT ON COLUMN track.energy IS '0 to 1: intensity and activity.';
COMMENT ON COLUMN track.key IS '-1 (none found), or 0 (C) to 11 (B).';
COMMENT ON COLUMN track.loudness IS 'Decibels, about -60 to 0.';
COMMENT ON COLUMN track.mode IS '0 minor, 1 major.';
COMMENT ON COLUMN track.speechiness IS '0 to 1: spoken words.';
COMMENT ON COLUMN track.acousticness IS '0 to 1.';
COMMENT ON COLUMN track.instrumentalness IS '0 to 1: no vocals.';
COMMENT ON COLUMN track.liveness IS '0 to 1: an audience is heard.';
COMMENT ON COLUMN track.valence IS '0 (sad, angry) to 1 (happy).';
COMMENT ON COLUMN track.tempo IS 'Beats a minute.';
COMMENT ON COLUMN track.time_signature IS 'Beats a bar.';
COMMENT ON COLUMN track.features_source IS
'Who knew the features: spotify, reccobeats, redis, file; none: nobody did; '
'null: nobody was asked.';
COMMENT ON COLUMN track.features_reason IS
'Why there are none: unknown, restricted, unavailable.';
COMMENT ON COLUMN track.duration_ms IS 'Milliseconds.';
COMMENT ON COLUMN track.explicit IS 'Are its words explicit?';
COMMENT ON COLUMN track.popularity IS '0 to 100, when it was asked for.';
COMMENT ON COLUMN track.name IS 'Its title.';
COMMENT ON COLUMN track.artists IS 'The artists'' names.';
COMMENT ON COLUMN track.album IS 'The album''s name.';
COMMENT ON COLUMN track.release_date IS 'A day, a month or a year.';
COMMENT ON COLUMN track.available_markets IS
'Countries where it can be played, commas between; empty: nowhere; '
'null: not known.';
COMMENT ON COLUMN track.fetched_at IS
'When Spotify was last asked for a playlist with it.';
COMMENT ON COLUMN track.changed IS
'The transaction that last changed it, for pg-backup --since.';

CREATE TABLE IF NOT EXISTS item (
    playlist_id text COLLATE "C" NOT NULL REFERENCES playlist
    ON DELETE CASCADE,
    position integer NOT NULL CHECK (position >= 0),
    track_id text COLLATE "C" NOT NULL REFERENCES track,
    added_at timestamptz,
    PRIMARY KEY (playlist_id, position)
);

COMMENT ON TABLE item IS 'The entries of the playlists'' lists.';
COMMENT ON COLUMN item.playlist_id IS 'The playlist.';
COMMENT ON COLUMN item.position IS 'In its list, from 0.';
COMMENT ON COLUMN item.track_id IS 'The track.';
COMMENT ON COLUMN item.added_at IS
'When it was put there; null if that is not known.';

CREATE TABLE IF NOT EXISTS skipped (
    playlist_id text COLLATE "C" NOT NULL REFERENCES playlist
    ON DELETE CASCADE,
    position integer NOT NULL CHECK (position >= 0),
    reason text COLLATE "C" NOT NULL,
    count integer CHECK (count > 0),
    PRIMARY KEY (playlist_id, position)
);

COMMENT ON TABLE skipped IS
'Entries that could not be used: with the items they make the whole list.';
COMMENT ON COLUMN skipped.playlist_id IS 'The playlist.';
COMMENT ON COLUMN skipped.position IS 'In its list, from 0.';
COMMENT ON COLUMN skipped.reason IS
'null_track, local, episode, unknown_type, no_id, contents_withheld; of the '
'whole list: gone, forbidden.';
COMMENT ON COLUMN skipped.count IS
'How many entries it stands for, from position on; null is one.';

CREATE TABLE IF NOT EXISTS waiting (
    loader text COLLATE "C" NOT NULL,
    playlist_id text COLLATE "C" NOT NULL,
    snapshot text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    record jsonb NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (loader, playlist_id, snapshot, type, position)
);

COMMENT ON TABLE waiting IS
'Records of lists that are not complete yet: readers see the list before.';
COMMENT ON COLUMN waiting.loader IS 'The run of pg-load that they came from.';
COMMENT ON COLUMN waiting.playlist_id IS 'The playlist.';
COMMENT ON COLUMN waiting.snapshot IS 'Its snapshot_id, or empty.';
COMMENT ON COLUMN waiting.type IS 'The type of the record.';
COMMENT ON COLUMN waiting.position IS 'Of the entry; else 0.';
COMMENT ON COLUMN waiting.record IS 'A row of the stage table of its type.';
COMMENT ON COLUMN waiting.since IS
'When it came; what waited for a week is dropped.';

-- What pg-load copies rows to.  _line is the number of the record's line.

DROP SCHEMA IF EXISTS stage CASCADE;
CREATE SCHEMA stage;

COMMENT ON SCHEMA stage IS
'A table for each type of record that can be loaded; always empty.';

CREATE TABLE stage.playlist (
    _line bigint NOT NULL,
    LIKE playlist INCLUDING CONSTRAINTS INCLUDING COMMENTS,
    CHECK (id <> '')
);

ALTER TABLE stage.playlist
DROP COLUMN items, DROP COLUMN skipped, DROP COLUMN changed;

CREATE TABLE stage.track (
    _line bigint NOT NULL,
    LIKE track INCLUDING CONSTRAINTS INCLUDING COMMENTS,
    CHECK (id <> '')
);

ALTER TABLE stage.track DROP COLUMN changed;

CREATE TABLE stage.item (
    _line bigint NOT NULL,
    LIKE item INCLUDING CONSTRAINTS INCLUDING COMMENTS,
    snapshot_id text COLLATE "C",
    country text COLLATE "C" CHECK (country ~ '^[A-Z]{2}$'),
    LIKE track INCLUDING CONSTRAINTS INCLUDING COMMENTS,
    CHECK (playlist_id <> '' AND track_id <> '')
);

ALTER TABLE stage.item DROP COLUMN id, DROP COLUMN changed;

CREATE TABLE stage.skip (
    _line bigint NOT NULL,
    LIKE skipped INCLUDING CONSTRAINTS INCLUDING COMMENTS,
    snapshot_id text COLLATE "C",
    CHECK (playlist_id <> '')
);

CREATE TABLE stage.done (
    _line bigint NOT NULL,
    playlist_id text COLLATE "C" NOT NULL CHECK (playlist_id <> ''),
    snapshot_id text COLLATE "C",
    items integer NOT NULL CHECK (items >= 0),
    skipped integer NOT NULL CHECK (skipped >= 0)
);

COMMENT ON TABLE stage.playlist IS 'Records of type playlist.';
COMMENT ON TABLE stage.track IS
'Records of type track: those that changed or stand in no list.';
COMMENT ON TABLE stage.item IS 'Records of type item.';
COMMENT ON TABLE stage.skip IS 'Records of type skip.';
COMMENT ON TABLE stage.done IS 'Records of type done.';
COMMENT ON COLUMN stage.playlist._line IS 'The record''s line.';
COMMENT ON COLUMN stage.track._line IS 'The record''s line.';
COMMENT ON COLUMN stage.item._line IS 'The record''s line.';
COMMENT ON COLUMN stage.item.snapshot_id IS 'The version of the list.';
COMMENT ON COLUMN stage.item.country IS 'Of the playlist.';
COMMENT ON COLUMN stage.skip._line IS 'The record''s line.';
COMMENT ON COLUMN stage.skip.snapshot_id IS 'The version of the list.';
COMMENT ON COLUMN stage.done._line IS 'The record''s line.';
COMMENT ON COLUMN stage.done.playlist_id IS 'The playlist.';
COMMENT ON COLUMN stage.done.snapshot_id IS 'The version of the list.';
COMMENT ON COLUMN stage.done.items IS 'How many items it has.';
COMMENT ON COLUMN stage.done.skipped IS 'How many entries were skipped.';

-- Loading

-- Give the session private, empty copies of the stage tables, in pg_temp, and
-- tables of the lists that a batch completes and changes.  loader is the name of
-- the run of pg-load, the same when it has to connect again.
CREATE OR REPLACE FUNCTION open_batch(loader text) RETURNS void
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
    CREATE TEMP TABLE IF NOT EXISTS list (
        playlist_id text COLLATE "C",
        snapshot text COLLATE "C",
        items integer,
        skipped integer,
        line bigint,
        fetched_at timestamptz,
        wins boolean NOT NULL DEFAULT false
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS changed (
        playlist_id text COLLATE "C"
    ) ON COMMIT DELETE ROWS;
    DELETE FROM waiting WHERE since < now() - interval '7 days';
END
$$;

-- The functions below are checked as they are made: let them see the copies.
SELECT open_batch('schema');

-- Is any feature of a track known?
CREATE OR REPLACE FUNCTION has_features(t track) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
SELECT num_nonnulls(
    t.danceability, t.energy, t.key, t.loudness, t.mode, t.speechiness,
    t.acousticness, t.instrumentalness, t.liveness, t.valence, t.tempo) > 0
$$;

-- What a track tells, as a number, whatever its time: to see at once whether
-- two differ, and to choose one of two that are of the same time.
CREATE OR REPLACE FUNCTION track_hash(t track) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
SELECT hash_record_extended(ROW(
    t.isrc, t.danceability, t.energy, t.key, t.loudness, t.mode,
    t.speechiness, t.acousticness, t.instrumentalness, t.liveness, t.valence,
    t.tempo, t.time_signature, t.features_source, t.features_reason,
    t.duration_ms, t.explicit, t.popularity, t.name, t.artists, t.album,
    t.release_date, t.available_markets), 0)
$$;

-- What is known of a track that was met twice: the later of the two, and from
-- the other what it lacks.  The order in which they came does not matter.
CREATE OR REPLACE FUNCTION track_merge(a track, b track) RETURNS track
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    t track := a;
    other track := b;
BEGIN
    IF (coalesce(b.fetched_at, '-infinity'), has_features(b), track_hash(b))
        > (coalesce(a.fetched_at, '-infinity'), has_features(a), track_hash(a))
    THEN
        t := b;
        other := a;
    END IF;
    t.isrc := coalesce(t.isrc, other.isrc);
    t.duration_ms := coalesce(t.duration_ms, other.duration_ms);
    t.explicit := coalesce(t.explicit, other.explicit);
    t.popularity := coalesce(t.popularity, other.popularity);
    t.name := coalesce(t.name, other.name);
    t.artists := coalesce(t.artists, other.artists);
    t.album := coalesce(t.album, other.album);
    t.release_date := coalesce(t.release_date, other.release_date);
    t.available_markets :=
        coalesce(t.available_markets, other.available_markets);
    IF NOT has_features(t)
        AND (has_features(other) OR t.features_source IS NULL)
    THEN
        t.danceability := other.danceability;
        t.energy := other.energy;
        t.key := other.key;
        t.loudness := other.loudness;
        t.mode := other.mode;
        t.speechiness := other.speechiness;
        t.acousticness := other.acousticness;
        t.instrumentalness := other.instrumentalness;
        t.liveness := other.liveness;
        t.valence := other.valence;
        t.tempo := other.tempo;
        t.time_signature := other.time_signature;
        t.features_source := other.features_source;
        t.features_reason := other.features_reason;
    END IF;
    RETURN t;
END
$$;

-- Is another version of a track not the one that is known, or older?  Quick to
-- see, unlike what it changes.
CREATE OR REPLACE FUNCTION track_differs(known track, other track)
RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
SELECT track_hash(other) <> track_hash(known)
    OR coalesce(other.fetched_at, '-infinity')
    > coalesce(known.fetched_at, '-infinity')
$$;

-- Does it tell what is not known?
CREATE OR REPLACE FUNCTION track_has_news(known track, other track)
RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
SELECT track_differs(known, track_merge(known, other))
$$;

CREATE OR REPLACE AGGREGATE track_merged(track) ( -- noqa: LT01
    sfunc = track_merge, stype = track
);

-- Find the lists that are complete, in this batch or with what waits, and put
-- them into pg_temp.list.  A list is complete when there are as many entries as
-- its done says, whatever the order they come in.
CREATE OR REPLACE FUNCTION find_lists(me text) RETURNS void
LANGUAGE sql AS $$
INSERT INTO pg_temp.list (playlist_id, snapshot, items, skipped, line)
WITH told AS (
    SELECT DISTINCT ON (d.playlist_id, d.snapshot) d.*
    FROM (
        SELECT
            playlist_id, coalesce(snapshot_id, '') AS snapshot, items, skipped,
            _line AS line
        FROM pg_temp.done
        UNION ALL
        SELECT
            w.playlist_id, w.snapshot, (w.record ->> 'items')::integer,
            (w.record ->> 'skipped')::integer, (w.record ->> '_line')::bigint
        FROM waiting AS w
        WHERE w.loader = me AND w.type = 'done'
    ) AS d
    ORDER BY d.playlist_id, d.snapshot, d.line DESC
),

entry AS (
    SELECT t.line, false AS skip, i.position, 1 AS n
    FROM told AS t INNER JOIN pg_temp.item AS i
        ON t.playlist_id = i.playlist_id
            AND t.snapshot = coalesce(i.snapshot_id, '')
            AND i.position < t.items + t.skipped
    UNION
    SELECT t.line, true, s.position, coalesce(s.count, 1)
    FROM told AS t INNER JOIN pg_temp.skip AS s
        ON t.playlist_id = s.playlist_id
            AND t.snapshot = coalesce(s.snapshot_id, '')
            AND s.position < t.items + t.skipped
    UNION
    SELECT
        t.line, w.type = 'skip', w.position,
        coalesce((w.record ->> 'count')::integer, 1)
    FROM told AS t INNER JOIN waiting AS w
        ON t.playlist_id = w.playlist_id AND t.snapshot = w.snapshot
            AND w.position < t.items + t.skipped
    WHERE w.loader = me AND w.type IN ('item', 'skip')
),

counted AS (
    SELECT
        line, coalesce(sum(n) FILTER (WHERE NOT skip), 0) AS items,
        coalesce(sum(n) FILTER (WHERE skip), 0) AS skipped
    FROM entry
    GROUP BY line
)

SELECT t.playlist_id, t.snapshot, t.items, t.skipped, t.line
FROM told AS t LEFT JOIN counted AS c ON t.line = c.line
WHERE coalesce(c.items, 0) >= t.items AND coalesce(c.skipped, 0) >= t.skipped
$$;

-- Bring what waits for the complete lists, and let the rest wait.
CREATE OR REPLACE FUNCTION exchange_waiting(me text) RETURNS void
LANGUAGE sql AS $$
WITH back AS (
    DELETE FROM waiting AS w USING pg_temp.list AS l
    WHERE w.loader = me AND w.playlist_id = l.playlist_id
        AND w.snapshot = l.snapshot
    RETURNING w.type, w.record
),

playlists AS (
    INSERT INTO pg_temp.playlist
    SELECT r.*
    FROM back, jsonb_populate_record(NULL::stage.playlist, back.record) AS r
    WHERE back.type = 'playlist'
),

items AS (
    INSERT INTO pg_temp.item
    SELECT r.*
    FROM back, jsonb_populate_record(NULL::stage.item, back.record) AS r
    WHERE back.type = 'item'
)

INSERT INTO pg_temp.skip
SELECT r.*
FROM back, jsonb_populate_record(NULL::stage.skip, back.record) AS r
WHERE back.type = 'skip';

INSERT INTO waiting (loader, playlist_id, snapshot, type, position, record)
SELECT DISTINCT ON (r.playlist_id, r.snapshot, r.type, r.position)
    me, r.playlist_id, r.snapshot, r.type, r.position, r.record
FROM (
    SELECT
        s.id AS playlist_id, coalesce(s.snapshot_id, '') AS snapshot,
        'playlist' AS type, 0 AS position, s._line AS line,
        to_jsonb(s) AS record
    FROM pg_temp.playlist AS s
    WHERE NOT EXISTS (
        SELECT FROM pg_temp.list AS l
        WHERE l.playlist_id = s.id
            AND l.snapshot = coalesce(s.snapshot_id, '')
    )
    UNION ALL
    SELECT
        s.playlist_id, coalesce(s.snapshot_id, ''), 'item', s.position,
        s._line, to_jsonb(s)
    FROM pg_temp.item AS s
    WHERE NOT EXISTS (
        SELECT FROM pg_temp.list AS l
        WHERE l.playlist_id = s.playlist_id
            AND l.snapshot = coalesce(s.snapshot_id, '')
    )
    UNION ALL
    SELECT
        s.playlist_id, coalesce(s.snapshot_id, ''), 'skip', s.position,
        s._line, to_jsonb(s)
    FROM pg_temp.skip AS s
    WHERE NOT EXISTS (
        SELECT FROM pg_temp.list AS l
        WHERE l.playlist_id = s.playlist_id
            AND l.snapshot = coalesce(s.snapshot_id, '')
    )
    UNION ALL
    SELECT
        s.playlist_id, coalesce(s.snapshot_id, ''), 'done', 0, s._line,
        to_jsonb(s)
    FROM pg_temp.done AS s
    WHERE NOT EXISTS (
        SELECT FROM pg_temp.list AS l
        WHERE l.playlist_id = s.playlist_id
            AND l.snapshot = coalesce(s.snapshot_id, '')
    )
) AS r
ORDER BY r.playlist_id, r.snapshot, r.type, r.position, r.line DESC
ON CONFLICT (loader, playlist_id, snapshot, type, position)
DO UPDATE SET record = excluded.record, since = excluded.since
$$;

-- Lock the playlists, make those that are new, and decide which list of each is
-- to be kept: the latest, unless a later one is there already, or its items
-- could not be read and those that were read earlier are.
CREATE OR REPLACE FUNCTION choose_lists() RETURNS void
LANGUAGE sql AS $$
INSERT INTO playlist (id)
SELECT l.playlist_id FROM pg_temp.list AS l
UNION
SELECT r.id FROM pg_temp.playlist AS r
ORDER BY 1
ON CONFLICT DO NOTHING;

SELECT FROM playlist AS p
WHERE p.id IN (
    SELECT l.playlist_id FROM pg_temp.list AS l
    UNION
    SELECT r.id FROM pg_temp.playlist AS r
)
ORDER BY p.id
FOR NO KEY UPDATE;

UPDATE pg_temp.list AS l SET fetched_at = r.fetched_at
FROM (
    SELECT
        id, coalesce(snapshot_id, '') AS snapshot, max(fetched_at) AS fetched_at
    FROM pg_temp.playlist
    GROUP BY 1, 2
) AS r
WHERE l.playlist_id = r.id AND l.snapshot = r.snapshot;

UPDATE pg_temp.list AS l SET wins = true
FROM (
    SELECT DISTINCT ON (playlist_id) playlist_id, snapshot
    FROM pg_temp.list
    ORDER BY playlist_id, fetched_at DESC NULLS LAST, line DESC
) AS last, playlist AS p
WHERE l.playlist_id = last.playlist_id AND l.snapshot = last.snapshot
    AND p.id = l.playlist_id
    AND (
        p.items IS NULL OR coalesce(l.fetched_at, '-infinity')
        >= coalesce(p.fetched_at, '-infinity')
    )
    AND NOT (
        l.items = 0 AND p.items > 0 AND EXISTS (
            SELECT FROM pg_temp.skip AS s
            WHERE s.playlist_id = l.playlist_id
                AND coalesce(s.snapshot_id, '') = l.snapshot
                AND s.reason IN ('gone', 'forbidden', 'contents_withheld')
        )
    );
$$;

-- Write the playlists whose list is kept, and those that have none yet.  What
-- is not known stays as it was.
CREATE OR REPLACE FUNCTION load_playlists() RETURNS void
LANGUAGE sql AS $$
WITH record AS (
    SELECT DISTINCT ON (r.id) r.*
    FROM pg_temp.playlist AS r INNER JOIN playlist AS p ON r.id = p.id
    LEFT JOIN pg_temp.list AS l
        ON r.id = l.playlist_id AND coalesce(r.snapshot_id, '') = l.snapshot
    WHERE l.wins OR (
        p.items IS NULL AND NOT EXISTS (
            SELECT FROM pg_temp.list AS other
            WHERE other.playlist_id = r.id AND other.wins
        )
        AND coalesce(r.fetched_at, '-infinity')
        >= coalesce(p.fetched_at, '-infinity')
    )
    ORDER BY r.id, r.fetched_at DESC NULLS LAST, r._line DESC
),

news AS (
    SELECT
        p.id, coalesce(r.name, p.name) AS name,
        coalesce(r.description, p.description) AS description,
        coalesce(r.owner, p.owner) AS owner,
        coalesce(r.public, p.public) AS public,
        coalesce(r.collaborative, p.collaborative) AS collaborative,
        coalesce(r.tracks_total, p.tracks_total) AS tracks_total,
        coalesce(r.country, p.country, (
            SELECT max(i.country) FROM pg_temp.item AS i
            WHERE i.playlist_id = p.id AND r.id IS NULL
        )) AS country,
        coalesce(r.query, p.query) AS query,
        coalesce(r.fetched_at, p.fetched_at) AS fetched_at,
        CASE WHEN l.wins THEN nullif(l.snapshot, '') ELSE r.snapshot_id END
        AS snapshot_id,
        l.items, l.skipped
    FROM record AS r FULL JOIN (
        SELECT * FROM pg_temp.list AS any_list WHERE any_list.wins
    ) AS l ON r.id = l.playlist_id
    INNER JOIN playlist AS p ON p.id = coalesce(r.id, l.playlist_id)
)

UPDATE playlist AS p SET
    snapshot_id = n.snapshot_id, name = n.name, description = n.description,
    owner = n.owner, public = n.public, collaborative = n.collaborative,
    tracks_total = n.tracks_total, country = n.country, query = n.query,
    fetched_at = n.fetched_at, items = n.items, skipped = n.skipped,
    changed = pg_current_xact_id()
FROM news AS n
WHERE p.id = n.id AND (
    p.snapshot_id, p.name, p.description, p.owner, p.public, p.collaborative,
    p.tracks_total, p.country, p.query, p.fetched_at, p.items, p.skipped
) IS DISTINCT FROM (
    n.snapshot_id, n.name, n.description, n.owner, n.public, n.collaborative,
    n.tracks_total, n.country, n.query, n.fetched_at, n.items, n.skipped
)
$$;

-- Write the tracks of the lists that are kept, and those that came alone.  Most
-- are met several times alike, or are there already: these are left out first,
-- and so are items that tell no more of a track than its id.
CREATE OR REPLACE FUNCTION load_tracks() RETURNS void
LANGUAGE sql AS $$
WITH met AS (
    SELECT
        i.track_id AS id,
        i.isrc, i.danceability, i.energy, i.key, i.loudness, i.mode,
        i.speechiness, i.acousticness, i.instrumentalness, i.liveness,
        i.valence, i.tempo, i.time_signature, i.features_source,
        i.features_reason, i.duration_ms, i.explicit, i.popularity, i.name,
        i.artists, i.album, i.release_date, i.available_markets, i.fetched_at
    FROM pg_temp.item AS i INNER JOIN pg_temp.list AS l
        ON i.playlist_id = l.playlist_id
            AND coalesce(i.snapshot_id, '') = l.snapshot
    WHERE l.wins AND num_nonnulls(
        i.isrc, i.danceability, i.energy, i.key, i.loudness, i.mode,
        i.speechiness, i.acousticness, i.instrumentalness, i.liveness,
        i.valence, i.tempo, i.time_signature, i.features_source,
        i.features_reason, i.duration_ms, i.explicit, i.popularity, i.name,
        i.artists, i.album, i.release_date, i.available_markets, i.fetched_at
    ) > 0
    UNION ALL
    SELECT
        s.id,
        s.isrc, s.danceability, s.energy, s.key, s.loudness, s.mode,
        s.speechiness, s.acousticness, s.instrumentalness, s.liveness,
        s.valence, s.tempo, s.time_signature, s.features_source,
        s.features_reason, s.duration_ms, s.explicit, s.popularity, s.name,
        s.artists, s.album, s.release_date, s.available_markets, s.fetched_at
    FROM pg_temp.track AS s
),

version AS (
    SELECT
        id,
        isrc, danceability, energy, key, loudness, mode, speechiness,
        acousticness, instrumentalness, liveness, valence, tempo,
        time_signature, features_source, features_reason, duration_ms,
        explicit, popularity, name, artists, album, release_date,
        available_markets,
        max(fetched_at) AS fetched_at
    FROM met
    GROUP BY
        id,
        isrc, danceability, energy, key, loudness, mode, speechiness,
        acousticness, instrumentalness, liveness, valence, tempo,
        time_signature, features_source, features_reason, duration_ms,
        explicit, popularity, name, artists, album, release_date,
        available_markets
),

merged AS (
    SELECT v.id, track_merged(ROW(v.*, pg_current_xact_id())::track) AS t
    FROM version AS v
    GROUP BY v.id
)

INSERT INTO track AS old
SELECT (m.t).*
FROM merged AS m LEFT JOIN track AS known ON m.id = known.id
WHERE known.id IS NULL
    OR (track_differs(known, m.t) AND track_has_news(known, m.t))
ORDER BY m.id
ON CONFLICT (id) DO UPDATE SET (
    isrc, danceability, energy, key, loudness, mode, speechiness,
    acousticness, instrumentalness, liveness, valence, tempo, time_signature,
    features_source, features_reason, duration_ms, explicit, popularity, name,
    artists, album, release_date, available_markets, fetched_at, changed
) = (
    SELECT
        t.isrc, t.danceability, t.energy, t.key, t.loudness, t.mode,
        t.speechiness, t.acousticness, t.instrumentalness, t.liveness,
        t.valence, t.tempo, t.time_signature, t.features_source,
        t.features_reason, t.duration_ms, t.explicit, t.popularity, t.name,
        t.artists, t.album, t.release_date, t.available_markets, t.fetched_at,
        pg_current_xact_id()
    FROM track_merge(old, excluded) AS t
)
WHERE track_differs(old, excluded) AND track_has_news(old, excluded)
$$;

-- Write items, and tell the playlists of those that changed.  The rows that they
-- refer to are looked up and locked all at once: to leave that to the foreign
-- keys, which do it row by row, would take longer than all else here.  Tracks of
-- which nothing but the id was told are made.
CREATE OR REPLACE FUNCTION put_items(new_items item []) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    playlists text [];
    tracks text [];
    found bigint;
BEGIN
    SELECT array_agg(DISTINCT i.playlist_id), array_agg(DISTINCT i.track_id)
    INTO playlists, tracks
    FROM unnest(new_items) AS i;
    PERFORM FROM playlist WHERE id = any(playlists) FOR KEY SHARE;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found <> cardinality(playlists) THEN
        RAISE foreign_key_violation
        USING MESSAGE = 'an item refers to a playlist that is not there';
    END IF;
    PERFORM FROM track WHERE id = any(tracks) FOR KEY SHARE;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found <> cardinality(tracks) THEN
        INSERT INTO track (id) SELECT id FROM unnest(tracks) AS id
        ON CONFLICT DO NOTHING;
        PERFORM FROM track WHERE id = any(tracks) FOR KEY SHARE;
    END IF;
    INSERT INTO item (playlist_id, position, track_id, added_at)
    SELECT i.playlist_id, i.position, i.track_id, i.added_at
    FROM unnest(new_items) AS i
    ON CONFLICT (playlist_id, position)
    DO UPDATE SET track_id = excluded.track_id, added_at = excluded.added_at;
    RETURN QUERY SELECT unnest(playlists);
END
$$;

REVOKE ALL ON FUNCTION put_items FROM public;
GRANT EXECUTE ON FUNCTION put_items TO spot_loader;

-- Only a superuser's function may say that the foreign keys can rest.
DO $$
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        ALTER FUNCTION put_items SET session_replication_role = replica;
    END IF;
END
$$;

-- Write the entries of the lists that are kept, remove those that are no longer
-- in them, and note which playlists that changed.
CREATE OR REPLACE FUNCTION load_entries() RETURNS void
LANGUAGE sql AS $$
WITH kept AS (
    SELECT * FROM pg_temp.list AS any_list WHERE any_list.wins
),

-- LATERAL and OFFSET 0 make it a look into the key for each playlist.
old_item AS MATERIALIZED (
    SELECT o.* FROM kept AS l CROSS JOIN LATERAL (
        SELECT * FROM item WHERE playlist_id = l.playlist_id OFFSET 0
    ) AS o
),

new_item AS MATERIALIZED (
    SELECT DISTINCT ON (i.playlist_id, i.position)
        i.playlist_id, i.position, i.track_id, i.added_at
    FROM pg_temp.item AS i INNER JOIN kept AS l
        ON i.playlist_id = l.playlist_id
            AND coalesce(i.snapshot_id, '') = l.snapshot
    WHERE i.position < l.items + l.skipped
    ORDER BY i.playlist_id, i.position, i._line DESC
),

new_skip AS (
    SELECT DISTINCT ON (s.playlist_id, s.position)
        s.playlist_id, s.position, s.reason, s.count
    FROM pg_temp.skip AS s INNER JOIN kept AS l
        ON s.playlist_id = l.playlist_id
            AND coalesce(s.snapshot_id, '') = l.snapshot
    WHERE s.position < l.items + l.skipped
    ORDER BY s.playlist_id, s.position, s._line DESC
),

-- A query alone would not be run where nobody reads what it finds.
put_item AS (
    INSERT INTO pg_temp.changed
    SELECT p.playlist_id
    FROM put_items((
        SELECT array_agg(n::item) FROM new_item AS n WHERE NOT EXISTS (
            SELECT FROM old_item AS o
            WHERE o.playlist_id = n.playlist_id AND o.position = n.position
                AND o.track_id = n.track_id
                AND o.added_at IS NOT DISTINCT FROM n.added_at
        )
    )) AS p (playlist_id)
    RETURNING playlist_id
),

put_skip AS (
    INSERT INTO skipped AS old (playlist_id, position, reason, count)
    SELECT n.* FROM new_skip AS n
    ON CONFLICT (playlist_id, position)
    DO UPDATE SET reason = excluded.reason, count = excluded.count
    WHERE (old.reason, old.count)
        IS DISTINCT FROM (excluded.reason, excluded.count)
    RETURNING playlist_id
),

gone_item AS (
    DELETE FROM item AS old USING old_item AS o
    WHERE old.playlist_id = o.playlist_id AND old.position = o.position
        AND NOT EXISTS (
            SELECT FROM new_item AS n
            WHERE n.playlist_id = o.playlist_id AND n.position = o.position
        )
    RETURNING old.playlist_id
),

gone_skip AS (
    DELETE FROM skipped AS old USING kept AS l
    WHERE old.playlist_id = l.playlist_id AND NOT EXISTS (
        SELECT FROM new_skip AS n
        WHERE n.playlist_id = old.playlist_id AND n.position = old.position
    )
    RETURNING old.playlist_id
)

UPDATE playlist AS p SET changed = pg_current_xact_id()
WHERE p.id IN (
    SELECT put_item.playlist_id FROM put_item
    UNION
    SELECT put_skip.playlist_id FROM put_skip
    UNION
    SELECT gone_item.playlist_id FROM gone_item
    UNION
    SELECT gone_skip.playlist_id FROM gone_skip
) AND p.changed <> pg_current_xact_id()
$$;

-- Load what the session copied to pg_temp.  The records returned are done when
-- the transaction is committed: the lists that are here, or were older.
CREATE OR REPLACE FUNCTION load_batch() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = public, pg_temp SET work_mem = '64MB'
SET enable_mergejoin = off SET jit = off AS $$ -- batches are small
DECLARE
    me text := current_setting('spot.loader');
BEGIN
    PERFORM find_lists(me);
    PERFORM exchange_waiting(me);
    PERFORM choose_lists();
    PERFORM load_playlists();
    PERFORM load_tracks();
    PERFORM load_entries();
    RETURN QUERY
    SELECT json_strip_nulls(json_build_object(
        'type', 'done', 'playlist_id', l.playlist_id,
        'snapshot_id', nullif(l.snapshot, ''), 'items', l.items,
        'skipped', l.skipped))::text
    FROM pg_temp.list AS l
    ORDER BY l.line;
END
$$;

-- The stream has ended: say what of it is not complete, and forget it.
CREATE OR REPLACE FUNCTION close_batch() RETURNS SETOF text
LANGUAGE sql SET search_path = public, pg_temp AS $$
WITH left_over AS (
    DELETE FROM waiting AS w
    WHERE w.loader = current_setting('spot.loader')
    RETURNING w.playlist_id, w.type, w.record
)

SELECT
    format('playlist %s: not loaded: ', w.playlist_id)
    || CASE count(*) FILTER (WHERE w.type = 'done')
        WHEN 0 THEN 'its done is missing'
        ELSE format(
            '%s of %s entries are there',
            count(*) FILTER (WHERE w.type IN ('item', 'skip')),
            sum((w.record ->> 'items')::integer
                + (w.record ->> 'skipped')::integer)
        )
    END
FROM left_over AS w
GROUP BY w.playlist_id
HAVING count(*) FILTER (WHERE w.type <> 'playlist') > 0
ORDER BY w.playlist_id
$$;

-- The stream, for pg-backup.  Columns that begin with _ are not written: by
-- them, in their order, the records of all views are merged.  With a mark, only
-- what changed after it.

DROP SCHEMA IF EXISTS dump CASCADE;
CREATE SCHEMA dump;

COMMENT ON SCHEMA dump IS
'A view for each type of record: its columns are the keys, in this order.';

-- Where the database stands, for the next time; changes that are not committed
-- yet come after it.  A mark is of one server: another refuses it.
CREATE FUNCTION dump.mark(since text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    server text := (SELECT system_identifier FROM pg_control_system());
BEGIN
    IF since <> '' AND since !~ ('^' || server || '/\d+:\d+:[\d,]*$') THEN
        RAISE 'mark % is not of this server', since
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN server || '/' || pg_current_snapshot();
END
$$;

-- Is there a mark, in spot.since?
CREATE FUNCTION dump.has_mark() RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT coalesce(current_setting('spot.since', true), '') <> ''
$$;

-- What older transactions wrote is of before the mark: so the rows of which
-- dump.is_new() has to be asked are found by an index.
CREATE FUNCTION dump.oldest() RETURNS xid8
LANGUAGE sql STABLE AS $$
SELECT CASE WHEN dump.has_mark() THEN pg_snapshot_xmin(
    split_part(current_setting('spot.since'), '/', 2)::pg_snapshot
) ELSE '0'::xid8 END
$$;

-- Was a row that this transaction wrote changed after the mark?
CREATE FUNCTION dump.is_new(changed xid8) RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT changed >= dump.oldest() AND CASE WHEN dump.has_mark()
    THEN NOT pg_visible_in_snapshot(
        changed,
        split_part(current_setting('spot.since'), '/', 2)::pg_snapshot
    )
    ELSE true
END
$$;

-- Are tracks to be records of their own, and items bare (spot.tracks)?
CREATE FUNCTION dump.apart() RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT coalesce(current_setting('spot.tracks', true), '') <> ''
$$;

-- Tracks in no list, which no item brings; with a mark, all that changed.  Apart,
-- all tracks; with a mark, those that changed and those of the lists that did.
CREATE VIEW dump.track AS
SELECT
    '' AS _playlist, 0 AS _part, 0 AS _position, t.id, t.isrc, t.danceability,
    t.energy, t.key, t.loudness, t.mode, t.speechiness, t.acousticness,
    t.instrumentalness, t.liveness, t.valence, t.tempo, t.time_signature,
    t.features_source, t.features_reason, t.duration_ms, t.explicit,
    t.popularity, t.name, t.artists, t.album, t.release_date,
    t.available_markets, t.fetched_at
FROM (
    SELECT * FROM track AS alone
    WHERE NOT dump.has_mark() AND NOT dump.apart()
        AND NOT EXISTS (
            SELECT FROM item AS i
            WHERE i.track_id = alone.id
        )
    UNION ALL
    SELECT * FROM track
    WHERE NOT dump.has_mark() AND dump.apart()
    UNION ALL
    SELECT * FROM track AS recent
    WHERE dump.has_mark() AND dump.is_new(recent.changed)
    UNION ALL
    SELECT listed.*
    FROM (
        SELECT DISTINCT i.track_id
        FROM (
            SELECT * FROM playlist
            WHERE dump.is_new(changed)
            OFFSET 0 -- noqa: AM09
        ) AS p
        CROSS JOIN LATERAL (
            SELECT one.* FROM item AS one
            WHERE one.playlist_id = p.id
            OFFSET 0 -- noqa: AM09
        ) AS i
    ) AS used
    CROSS JOIN LATERAL (
        SELECT one.* FROM track AS one
        WHERE one.id = used.track_id AND NOT dump.is_new(one.changed)
        OFFSET 0 -- noqa: AM09
    ) AS listed
    WHERE dump.has_mark() AND dump.apart()
) AS t
ORDER BY t.id;

CREATE VIEW dump.playlist AS
SELECT
    p.id AS _playlist, 0 AS _part, 0 AS _position, p.id, p.snapshot_id, p.name,
    p.description, p.owner, p.public, p.collaborative, p.tracks_total,
    p.country, p.query, p.fetched_at
FROM playlist AS p
WHERE dump.is_new(p.changed)
ORDER BY p.id;

-- LATERAL and OFFSET 0 make it one pass over the playlists in their order, with
-- a look into the two keys for each, be it all of them or a few.
CREATE VIEW dump.item AS
SELECT
    p.id AS _playlist, 1 AS _part, i.position AS _position,
    p.id AS playlist_id, p.snapshot_id, i.position, i.added_at, i.track_id,
    p.country, t.isrc, t.danceability, t.energy, t.key, t.loudness, t.mode,
    t.speechiness, t.acousticness, t.instrumentalness, t.liveness, t.valence,
    t.tempo, t.time_signature, t.features_source, t.features_reason,
    t.duration_ms, t.explicit, t.popularity, t.name, t.artists, t.album,
    t.release_date, t.available_markets, t.fetched_at
FROM (
    SELECT * FROM playlist
    WHERE dump.is_new(changed)
    ORDER BY id
    OFFSET 0
) AS p
CROSS JOIN LATERAL (
    SELECT one.* FROM item AS one
    WHERE one.playlist_id = p.id
    ORDER BY one.position
    OFFSET 0
) AS i
LEFT JOIN LATERAL (
    SELECT one.* FROM track AS one
    WHERE one.id = i.track_id AND NOT dump.apart()
    OFFSET 0 -- noqa: AM09
) AS t ON TRUE;

CREATE VIEW dump.skip AS
SELECT
    p.id AS _playlist, 1 AS _part, s.position AS _position,
    p.id AS playlist_id, p.snapshot_id, s.position, s.reason, s.count
FROM playlist AS p INNER JOIN skipped AS s ON p.id = s.playlist_id
WHERE dump.is_new(p.changed)
ORDER BY p.id, s.position;

CREATE VIEW dump.done AS
SELECT
    p.id AS _playlist, 2 AS _part, 0 AS _position,
    p.id AS playlist_id, p.snapshot_id, p.items, p.skipped
FROM playlist AS p
WHERE p.items IS NOT NULL AND dump.is_new(p.changed)
ORDER BY p.id;

COMMENT ON VIEW dump.track IS 'Records of type track.';
COMMENT ON VIEW dump.playlist IS 'Records of type playlist.';
COMMENT ON VIEW dump.item IS 'Records of type item.';
COMMENT ON VIEW dump.skip IS 'Records of type skip.';
COMMENT ON VIEW dump.done IS 'Records of type done.';

-- Who may do what

GRANT USAGE ON SCHEMA stage, dump TO spot_loader, spot_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA stage TO spot_loader;
GRANT SELECT, INSERT, UPDATE, DELETE
ON playlist, track, item, skipped, waiting TO spot_loader;
GRANT SELECT ON schema_version, playlist, track, item, skipped TO spot_analyst;
GRANT SELECT ON schema_version TO spot_loader;
GRANT SELECT ON ALL TABLES IN SCHEMA dump TO spot_analyst;

COMMIT;

\o
