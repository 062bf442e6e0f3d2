"""spark.py OUTPUT LAKE...: n, mean and variance of the eleven audio features by
market and week, in Spark SQL alone; as users write it."""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

FEATURES = (
    "danceability energy key loudness mode speechiness acousticness "
    "instrumentalness liveness valence tempo"
).split()

output, *lake = sys.argv[1:]
spark = SparkSession.builder.config("spark.log.level", "WARN").getOrCreate()
schema = "type STRING, added_at TIMESTAMP, available_markets STRING, " + \
    ", ".join(f"{name} DOUBLE" for name in FEATURES)
statistics = [
    of(name).alias(f"{name}_{of.__name__}")
    for name in FEATURES for of in (f.count, f.avg, f.var_samp)
]
spark.read.text(lake).select(f.from_json("value", schema).alias("item")) \
    .where("item.type = 'item'").select(
        "item.*",
        f.explode(f.split("item.available_markets", ",")).alias("market"),
        f.date_trunc("week", "item.added_at").alias("week")) \
    .groupBy("market", "week").agg(*statistics).write.json(output)
