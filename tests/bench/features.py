"""features.py duckdb|dict TABLE ITEMS OUT: read the audio features of TABLE,
then write the items of ITEMS with theirs to OUT.  Prints the seconds of both
and the peak of memory in MB."""

import json
import resource
import sys
import time

FEATURES = (
    "danceability energy key loudness mode speechiness acousticness "
    "instrumentalness liveness valence tempo time_signature"
).split()

how, table, items, out = sys.argv[1:]


def by_duckdb():
    import duckdb

    columns = {"id": "VARCHAR"} | {f: "DOUBLE" for f in FEATURES}
    duckdb.execute(
        "CREATE TABLE feature AS SELECT * FROM read_json($table, "
        "format = 'newline_delimited', columns = $columns)",
        {"table": table, "columns": columns},
    )
    yield
    duckdb.execute(
        f"COPY (SELECT i.*, f.* EXCLUDE (id) FROM read_json('{items}', "
        "format = 'newline_delimited', "
        "columns = {type: 'VARCHAR', track_id: 'VARCHAR'}) AS i "
        f"LEFT JOIN feature AS f ON f.id = i.track_id) TO '{out}' "
        "(FORMAT json)"
    )
    yield


def by_dict():
    features = {}
    with open(table) as lines:
        for line in lines:
            track = json.loads(line)
            features[track["id"]] = tuple(track[f] for f in FEATURES)
    yield
    with open(items) as lines, open(out, "w") as written:
        for line in lines:
            item = json.loads(line)
            values = features.get(item["track_id"])
            if values:
                item.update(zip(FEATURES, values))
            written.write(json.dumps(item) + "\n")
    yield


steps = {"duckdb": by_duckdb, "dict": by_dict}[how]()
times = [time.monotonic()]
for _ in steps:
    times.append(time.monotonic())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{times[1] - times[0]:.3f} {times[2] - times[1]:.3f} {peak:.0f}")
