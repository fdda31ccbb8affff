"""Reads a second of Feast's Redis online store: FEATURES features of three entities, one row a read.

Usage: online_reads.py REDIS_PORT FEATURES SECONDS; prints one JSON object.
"""

import json
import logging
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
from feast import Entity, FeatureStore, FeatureView, Field, FileSource
from feast.types import Float32
from feast.value_type import ValueType

ENTITIES = ("card", "merchant", "terminal")
ROWS = 1_000
THREADS = 8


def define(folder: Path, columns: dict[str, list[str]]) -> tuple[list[Entity], list[FeatureView]]:
    entities, views = [], []
    for name, features in columns.items():
        entity = Entity(name=name, join_keys=[f"{name}_id"], value_type=ValueType.STRING)
        source = FileSource(path=str(folder / f"{name}.parquet"), timestamp_field="event_timestamp")
        rows_of(name, features).to_parquet(folder / f"{name}.parquet")
        views.append(
            FeatureView(
                name=name,
                entities=[entity],
                ttl=timedelta(days=90),
                schema=[Field(name=feature, dtype=Float32) for feature in features],
                source=source,
            )
        )
        entities.append(entity)
    return entities, views


def rows_of(name: str, features: list[str]) -> pd.DataFrame:
    now = datetime.now(tz=timezone.utc)
    rows = {f"{name}_id": [f"{name}-{row}" for row in range(ROWS)], "event_timestamp": [now] * ROWS}
    values = {feature: [float(row) for row in range(ROWS)] for feature in features}
    return pd.DataFrame({**rows, **values})


def reads_per_second(store: FeatureStore, names: list[str], seconds: float, threads: int) -> float:
    end = time.perf_counter() + seconds

    def lane(first: int) -> int:
        count = 0
        while time.perf_counter() < end:
            row = (first * 131 + count * 7) % ROWS
            key = {f"{name}_id": f"{name}-{row}" for name in ENTITIES}
            store.get_online_features(features=names, entity_rows=[key]).to_dict()
            count += 1
        return count

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(lane, range(threads))) / seconds


def main() -> None:
    logging.disable(logging.WARNING)
    port, features, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    columns = {
        name: [f"{name}_{n}" for n in range(features) if n % 3 == place]
        for place, name in enumerate(ENTITIES)
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "feature_store.yaml").write_text(
            "project: bench\nprovider: local\nregistry: registry.db\n"
            f"online_store:\n  type: redis\n  connection_string: 127.0.0.1:{port}\n"
            "offline_store:\n  type: file\nentity_key_serialization_version: 3\n"
        )
        store = FeatureStore(repo_path=str(folder))
        entities, views = define(folder, columns)
        store.apply([*entities, *views])
        for view in views:
            store.write_to_online_store(view.name, rows_of(view.name, columns[view.name]))
        names = [f"{view}:{feature}" for view, own in columns.items() for feature in own]
        reads_per_second(store, names, seconds / 4, 1)
        rates = {threads: reads_per_second(store, names, seconds, threads) for threads in (1, THREADS)}
        best = max(rates, key=lambda threads: rates[threads])
        print(json.dumps({"readsPerSecond": rates[best], "threads": best}))


if __name__ == "__main__":
    main()
