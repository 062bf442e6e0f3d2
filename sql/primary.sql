-- primary.sql: the collection of playlists, and how a stream is loaded into it.
--
--	psql -d service=primary -f sql/primary.sql
--
-- Run it again at any time: what is there stays, functions and views are
-- renewed.  The records are described in spot(5).  The programs know no table of
-- these, only, here and in primary_load.sql and primary_dump.sql:
--
--	stage         a table for each type of record, its columns are the keys
--	open_batch()  gives a session private copies of these to copy rows to
--	load_batch()  moves what was copied to the tables; returns what is done
--	close_batch() tells what is left undone
--	dump          a view for each type of record: the stream, see pg-backup(1)

\ir common.sql

INSERT INTO schema_version (version) VALUES (1) ON CONFLICT DO NOTHING;

-- Tables

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

\ir primary_load.sql
\ir primary_dump.sql

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
