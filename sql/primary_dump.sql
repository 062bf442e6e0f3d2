-- primary_dump.sql: the stream, for pg-backup; a part of primary.sql.
--
-- Columns that begin with _ are not written: by them, in their order, the records
-- of all views are merged.  With a mark, only what changed after it.

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
