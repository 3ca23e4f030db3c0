"""Runs statements of standard input, a JSON array a line, in one Spark session; answers each with a line of JSON."""
import json
import os
import sys

from pyspark.sql import SparkSession

cores, warehouse = sys.argv[1], sys.argv[2]
spark = (
    SparkSession.builder.master(f"local[{cores}]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "4")
    .config("spark.sql.warehouse.dir", warehouse)
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
answers = os.fdopen(3, "w")


def run(statements):
    for statement in statements[:-1]:
        spark.sql(statement)
    return [[None if cell is None else str(cell) for cell in row] for row in spark.sql(statements[-1]).collect()]


print(json.dumps({"version": spark.version}), file=answers, flush=True)
for line in sys.stdin:
    try:
        answer = {"rows": run(json.loads(line))}
    except Exception as error:
        answer = {"error": str(error)[:2000]}
    print(json.dumps(answer), file=answers, flush=True)
