#!/usr/bin/env python3
"""etl_spark.py: etl over a lake of any size, by the executors of Spark.

Each partition of the lake goes through "etl --partial".  What that writes is
brought together by playlist, and by country, and goes through "etl --merge": no
machine holds more than its part, and the result is that of one etl over all of
it, to the byte.  See spot-spark(1).
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from itertools import groupby, islice
from math import ceil

import pyarrow as pa
import pyarrow.compute as pc
from pyspark import SparkFiles, StorageLevel, TaskContext
from pyspark.sql import SparkSession
from pyspark.sql.functions import lit, struct, to_json

LINES, ROWS = 64, 100  # that Python gives to Spark at once
PARTS_MAX = 99999  # so that their names sort: part-00000, part-00001, ...
NAMED_MAX = 100  # refused lines that are named, of those that are counted
PIECES = 8  # in a part of the lake, of 128 MB as Spark makes them
RANGES_PER_CORE = 4  # of a database's playlists
COUNTED = re.compile(rb"etl: (\d+) (items .*|lines were refused)\n?")
COLUMNS = (
    "playlist_id, added_at, country, isrc, danceability, energy, key, loudness,"
    "mode, speechiness, acousticness, instrumentalness, liveness, valence, "
    "tempo, available_markets"
)
SETTINGS = {  # which spark-submit --conf may change
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "io.compression.codecs": "io.airlift.compress.zstd.ZstdCodec",
}


def command(program, *options):
    """The program that spark-submit --files has brought, or one of the path."""
    brought = SparkFiles.get(program)
    return [brought if os.path.exists(brought) else program, *options]


def etl(program, options, texts, worst=0):
    """The lines that etl writes when it has read the texts, then those of its
    standard error.  A status above worst is an error."""
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(command(program, *options), stderr=said,
                              stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as child:
            # If it has ended, its status says how.
            with suppress(BrokenPipeError):
                for text in texts:
                    child.stdin.write(text)
                    child.stdin.write(b"\n")
            with suppress(BrokenPipeError):
                child.stdin.close()
            yield from child.stdout
        said.seek(0)
        if not 0 <= child.returncode <= worst:
            raise RuntimeError(f"{program} ended with status "
                               f"{child.returncode}: {said.read().decode()}")
        yield from said


def text_of(batches):
    """The text of each batch, whose rows are lines without their last newline."""
    for batch in batches:
        if rows := len(batch):
            lines = batch.column("text")
            yield pc.binary_join(pa.ListArray.from_arrays([0, rows], lines),
                                 pa.scalar("\n", lines.type))[0].as_buffer()


def joined(lines):
    """The text of some lines at a time, without its last newline."""
    while text := b"".join(islice(lines, LINES)):
        yield text[:-1]


def batches_of(rows, names):
    """Rows, which are tuples, as Spark takes them back."""
    while some := list(islice(rows, ROWS)):
        yield pa.RecordBatch.from_arrays(
            [pa.array(column) for column in zip(*some)], names)


def key_of(line):
    """What kind of line etl --partial wrote, and by what it is merged: a line
    has one form, so the keys stand where they stand."""
    parts = line.split(b'"', 12)
    if parts[0] != b"{":
        return "told", None
    if parts[3] == b"daily":
        return "daily", parts[11]
    if b"\\" in parts[7]:
        return "playlist", json.loads(line)["playlist_id"].encode()
    return "playlist", parts[7]


def some_of(told):
    """Of what etl told, the first refused lines, and how many there were."""
    refused = 0
    for line in told:
        refused += not COUNTED.fullmatch(line)
        if refused <= NAMED_MAX or COUNTED.fullmatch(line):
            yield line
    yield b"etl: %d lines were refused\n" % refused


def add_up(args):
    """Of a partition of the lake: the exact sums of its items."""
    def rows(batches):
        number = b"%d" % TaskContext.get().partitionId()
        for (kind, key), lines in groupby(etl(
                args.etl, ["--partial", "--by", args.by], text_of(batches),
                worst=1), key_of):
            if kind == "told":
                key, lines = number, some_of(lines)
            for text in joined(lines):
                yield kind, key, text
    return lambda batches: batches_of(rows(batches), ("kind", "key", "text"))


def merge_days(args):
    """Of all days of some countries: their sums."""
    def rows(batches):
        return zip(joined(etl(
            args.etl, ["--merge", "--partial"], text_of(batches))))
    return lambda batches: batches_of(rows(batches), ("text",))


def merge_playlists(args, counts):
    """Of all sums of some playlists: playlist_stat.  The run record of each
    part is added to the counts."""
    def stats(batches):
        for line in etl(args.etl, ["--merge"], text_of(batches)):
            if line.startswith(b'{"type":"run"'):
                for name, count in counts.items():
                    count.add(json.loads(line)[name])
            else:
                yield line
    return lambda batches: batches_of(zip(joined(stats(batches))), ("text",))


def read_lake(spark, paths):
    """The lines of files as they are: of Hadoop's readers only this one leaves
    a carriage return, and bytes that are no UTF-8, to etl.  In as many parts
    for each core, so that all cores end together."""
    lake = spark.read.text(paths, lineSep="\n").withColumnRenamed("value", "text")
    cores = spark.sparkContext.defaultParallelism
    return lake.coalesce(
        cores * ceil(lake.rdd.getNumPartitions() / PIECES / cores) or 1)


def export_snapshot(spark, url):
    """A transaction, to be kept open, and the name of what it sees."""
    connection = spark._jvm.org.postgresql.Driver().connect(
        url, spark._jvm.java.util.Properties())
    connection.setAutoCommit(False)
    statement = connection.createStatement()
    statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    row = statement.executeQuery("SELECT pg_export_snapshot()")
    row.next()
    return connection, row.getString(1)


def read_database(spark, url):
    """The items of a primary, in ranges of as many playlists each; all of them
    as one snapshot has them.  What etl does not read is not asked for."""
    connection, snapshot = export_snapshot(spark, url)
    options = {"driver": "org.postgresql.Driver", "fetchsize": "10000",
               "sessionInitStatement":
                   "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; "
                   f"SET TRANSACTION SNAPSHOT '{snapshot}'"}
    parts = spark.sparkContext.defaultParallelism * RANGES_PER_CORE
    starts = [row.start.replace("'", "''") for row in spark.read.jdbc(
        url, "(SELECT min(id) AS start FROM (SELECT id, ntile("
        f"{parts}) OVER (ORDER BY id) AS part FROM playlist) AS p "
        "GROUP BY part ORDER BY start) AS starts",
        properties=options).collect()]
    ranges = [f"_playlist >= '{start}'" for start in starts]
    for i, end in enumerate(starts[1:]):
        ranges[i] += f" AND _playlist < '{end}'"
    rows = spark.read.jdbc(
        url, f"(SELECT _playlist, {COLUMNS} FROM dump.item) AS item",
        predicates=ranges or ["false"], properties=options)
    return rows.drop("_playlist").select(
        to_json(struct(lit("item").alias("type"), "*")).alias("text")), connection


def place_of(lake, partition):
    """The files, and the byte in each, from which a partition was read."""
    part = lake._jdf.queryExecution().toRdd().partitions()[partition]
    if "Coalesced" not in part.getClass().getName():
        return "database"
    pieces, places, end = part.parents(), [], None
    for f in (f for i in range(pieces.size()) for f in pieces.apply(i).files()):
        path, start = f.filePath().toString(), f.start()
        if (path, start) != end:
            places.append(f"{path}+{start}")
        end = path, start + f.length()
    return " ".join(places)


def tell(lake, sums):
    """Say what every etl has told, and return how many lines were refused."""
    counts, named = Counter(), 0
    for row in sums.where("kind = 'told'").collect():
        for line in row.text.splitlines():
            if found := COUNTED.fullmatch(line):
                counts[found[2].decode()] += int(found[1])
            elif (named := named + 1) <= NAMED_MAX:
                print(f"{place_of(lake, int(row.key))}: "
                      f"{line.decode(errors='replace')}",
                      file=sys.stderr)
    for what, n in counts.items():
        if n:
            print(f"etl_spark: {n} {what}", file=sys.stderr)
    return counts["lines were refused"]


def last_options(args):
    """Those of the last etl, which merges what the others have merged."""
    options = ["--merge", "--by", args.by, "--period", args.period]
    return options + (["--lockdowns", args.lockdowns] if args.lockdowns else [])


def write_countries(out, args, days, counts):
    """What only all countries together tell, and the record of the run."""
    texts = (row.text for row in days.toLocalIterator())
    for line in etl(args.etl, last_options(args), texts):
        if line.startswith(b'{"type":"run"'):
            run = json.loads(line)
            for name, n in counts.items():
                run[name] += n.value
            line = json.dumps(run, separators=(",", ":")).encode() + b"\n"
        out.write(line)


def write(spark, args, playlists, days, counts):
    """All records, to a new folder of any file system that Hadoop knows, in
    files that are in order."""
    playlists.selectExpr("cast(text AS string)").write.text(args.output)
    with tempfile.NamedTemporaryFile() as countries:
        write_countries(countries, args, days, counts)
        countries.flush()
        fs = spark._jvm.org.apache.hadoop.fs
        path = fs.Path(args.output, "run.ndjson")
        path.getFileSystem(spark._jsc.hadoopConfiguration()) \
            .copyFromLocalFile(fs.Path("file://" + countries.name), path)


def analyse(spark, args):
    """The whole job; returns its status."""
    status = subprocess.run(command(args.etl, *last_options(args)),
                            stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL).returncode
    if status:  # what is wrong here would be wrong everywhere
        return status
    if args.database:
        lake, _kept_open = read_database(spark, args.database)
    else:
        lake = read_lake(spark, args.lake)
    spark.conf.set("spark.sql.shuffle.partitions",
                   min(max(lake.rdd.getNumPartitions(), 1), PARTS_MAX))
    counts = {name: spark.sparkContext.accumulator(0) for name in
              ("records", "playlists", "items", "with_features")}
    sums = lake.mapInArrow(add_up(args), "kind string, key binary, text binary")
    sums.persist(StorageLevel.DISK_ONLY)
    refused = tell(lake, sums)
    playlists = sums.where("kind = 'playlist'").repartitionByRange("key") \
        .select("text").mapInArrow(merge_playlists(args, counts), "text binary")
    days = sums.where("kind = 'daily'").repartition("key") \
        .select("text").mapInArrow(merge_days(args), "text binary")
    days.persist(StorageLevel.DISK_ONLY)
    write(spark, args, playlists, days, counts)
    return 1 if refused else 0


def main():
    parser = argparse.ArgumentParser(
        prog="etl_spark.py", description=__doc__.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-b", "--by", default="country", help="see etl(1)")
    parser.add_argument("-d", "--database", metavar="URL",
                        help="read this primary, such as "
                        "jdbc:postgresql://HOST/DATABASE, instead of a lake")
    parser.add_argument("-e", "--etl", default="etl", help="the program")
    parser.add_argument("-l", "--lockdowns", help="see etl(1)")
    parser.add_argument("-o", "--output", required=True,
                        help="a folder that is not there yet")
    parser.add_argument("-t", "--period", default="week", help="see etl(1)")
    parser.add_argument("lake", nargs="*", help="files, folders, patterns")
    args = parser.parse_args()
    if bool(args.database) == bool(args.lake):
        parser.error("either a lake or a database is to be read")
    try:
        with SparkSession.builder.appName("etl").config(
                "spark.log.level", "WARN").getOrCreate() as spark:
            given = spark.sparkContext.getConf()
            for name, value in SETTINGS.items():
                if not given.contains(name):
                    spark.conf.set(name, value)
            sys.exit(analyse(spark, args))
    except Exception as error:
        print(f"etl_spark: {error}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
