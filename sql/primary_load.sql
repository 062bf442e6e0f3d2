-- primary_load.sql: how a batch that was copied to the stage is loaded; a part of
-- primary.sql.

-- Begin a session of pg-load: it has tables, too, of the lists that a batch
-- completes and changes.
CREATE OR REPLACE FUNCTION open_batch(loader text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM copy_stage(loader);
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

-- Does another version of a track tell anything else than the one that is known,
-- or is it later?  Quick to see, unlike what it changes.
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
