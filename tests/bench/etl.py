"""etl.py FILE THREADS: n, mean and variance of the eleven audio features by
market and ISO week of the item records of FILE, by DuckDB; as users write it."""

import sys

import duckdb

FEATURES = (
    "danceability energy key loudness mode speechiness acousticness "
    "instrumentalness liveness valence tempo"
).split()

path, threads = sys.argv[1:]
columns = {name: "DOUBLE" for name in FEATURES}
columns |= {"added_at": "TIMESTAMP", "available_markets": "VARCHAR"}
statistics = ", ".join(
    f"count({f}), avg({f}), var_samp({f})" for f in FEATURES
)
duckdb.execute(f"SET threads = {int(threads)}")
rows = duckdb.execute(
    f"""
    SELECT market, date_trunc('week', added_at) AS week, {statistics}
    FROM (
        SELECT *, unnest(string_split(available_markets, ',')) AS market
        FROM read_json($path, format = 'newline_delimited', columns = $columns)
    )
    GROUP BY ALL
    ORDER BY ALL
    """,
    {"path": path, "columns": columns},
).fetchall()
print(len(rows))
