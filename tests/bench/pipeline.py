"""pipeline.py DUMP FEATURES FOLDER THREADS: mean and standard deviation of the
eleven audio features by country and week, and by playlist, from a dump of
playlists in the API's shape, by DuckDB; written as JSON."""

import sys

import duckdb

FEATURES = (
    "danceability energy key loudness mode speechiness acousticness "
    "instrumentalness liveness valence tempo"
).split()

dump, features, folder, threads = sys.argv[1:]
duckdb.execute(f"SET threads = {int(threads)}")
duckdb.execute(
    """
    CREATE TABLE item AS
    SELECT playlist_id, country, entry.added_at AS added_at, feature.*
    FROM (
        SELECT id AS playlist_id, country, unnest(tracks.items) AS entry
        FROM read_json($dump, format = 'newline_delimited', columns = {
            id: 'VARCHAR', country: 'VARCHAR',
            tracks: 'STRUCT(items STRUCT(added_at TIMESTAMP,
                track STRUCT(id VARCHAR))[])'})
    )
    LEFT JOIN read_json($features, format = 'newline_delimited',
        columns = $columns) AS feature ON feature.id = entry.track.id
    """,
    {
        "dump": dump,
        "features": features,
        "columns": {"id": "VARCHAR"} | {f: "DOUBLE" for f in FEATURES},
    },
)


def write(name, keys, deviation):
    statistics = ", ".join(
        f"count({f}) AS {f}_n, avg({f}) AS {f}_mean, "
        f"{deviation}({f}) AS {f}_sd"
        for f in FEATURES
    )
    duckdb.execute(
        f"COPY (SELECT {keys}, {statistics} FROM item GROUP BY ALL "
        f"ORDER BY ALL) TO '{folder}/{name}.ndjson' (FORMAT json)"
    )


write("mood", "country, date_trunc('week', added_at) AS week", "stddev_samp")
write(
    "playlist_stat",
    "playlist_id, count(*) AS items, "
    "mode(strftime(added_at, '%Y-%m')) AS month",
    "stddev_pop",
)
