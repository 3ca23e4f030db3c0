#!/usr/bin/env bash
# Brings the engines that test:engines runs statements on into .engines/: Spark (PySpark, from
# PyPI) and Trino (from Maven Central). Says what is missing and exits with 1 where they cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../.."

SPARK=4.3.0
TRINO=476

missing() { echo "engines: $1"; exit 1; }
command -v python3 >/dev/null || missing 'no python3, which Spark is run from'
command -v mvn >/dev/null || missing 'no mvn, which brings Trino'
for java in 17 25; do
  compgen -G "/usr/lib/jvm/*$java*/bin/java" >/dev/null || missing "no Java $java below /usr/lib/jvm"
done

mkdir -p .engines
if [ ! -e ".engines/spark-$SPARK/ready" ]; then
  python3 -m venv ".engines/spark-$SPARK"
  ".engines/spark-$SPARK/bin/pip" install --quiet --disable-pip-version-check "pyspark==$SPARK" \
    || missing "PySpark $SPARK could not be installed"
  touch ".engines/spark-$SPARK/ready"
fi
if [ ! -e ".engines/trino-$TRINO/ready" ]; then
  mvn --quiet --batch-mode dependency:copy -Dartifact="io.trino:trino-server:$TRINO:tar.gz" \
    -DoutputDirectory="$PWD/.engines" || missing "Trino $TRINO could not be downloaded"
  mkdir -p ".engines/trino-$TRINO"
  tar -xzf ".engines/trino-server-$TRINO.tar.gz" -C ".engines/trino-$TRINO" --strip-components=1
  rm ".engines/trino-server-$TRINO.tar.gz"
  touch ".engines/trino-$TRINO/ready"
fi
echo "engines: Spark $SPARK, Trino $TRINO"
