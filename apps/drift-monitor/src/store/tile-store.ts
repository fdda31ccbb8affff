import type { StoredTile } from "@tollgate/drift";
import type { ClientBase } from "pg";
import { unpackTiles } from "./pack-tiles.ts";
import type { ModelVersion, PlacedTile, TileDelta } from "./tile-delta.ts";

/** Deltas that wait to be folded, the oldest first. */
export interface WaitingDelta extends TileDelta {
  readonly id: string;
}

/** Tiles of a model version as they are after a fold. */
export interface FoldedTile {
  readonly model: ModelVersion;
  readonly tile: StoredTile;
}

interface TileRow {
  readonly segment: number;
  readonly width_ms: number;
  readonly start_ms: string;
  readonly bytes: Buffer;
}

/** @param which.except names of model versions that are left where they are. */
export async function readDeltas(
  client: ClientBase,
  which: { readonly limit: number; readonly except: readonly string[] },
): Promise<readonly WaitingDelta[]> {
  const { rows } = await client.query<{ id: string; model: string; version: number; tiles: Buffer }>({
    name: "drift-deltas",
    text: `select id, model, version, tiles from drift.deltas
           where model || '@v' || version <> all($2::text[]) order by id limit $1`,
    values: [which.limit, which.except],
  });
  return rows.map(({ id, model, version, tiles }) => ({
    id,
    model: { name: model, version },
    tiles: unpackTiles(tiles),
  }));
}

/** Every stored tile of a model version. */
export async function readTiles(client: ClientBase, model: ModelVersion): Promise<readonly PlacedTile[]> {
  const { rows } = await client.query<TileRow>(
    `select segment, width_ms, start_ms, bytes from drift.tiles
     where model = $1 and version = $2`,
    [model.name, model.version],
  );
  return rows.map((row) => ({
    key: { segment: row.segment, startMs: Number(row.start_ms), widthMs: row.width_ms },
    bytes: row.bytes,
  }));
}

/** Model versions with tiles, those with the latest first. */
export async function readTiledModels(client: ClientBase, limit: number): Promise<readonly ModelVersion[]> {
  const { rows } = await client.query<{ model: string; version: number }>(
    "select model, version from drift.tiles group by model, version order by max(start_ms) desc limit $1",
    [limit],
  );
  return rows.map((row) => ({ name: row.model, version: row.version }));
}

/** The tiles as they are now, and away with the deltas that made them so: one statement. */
export async function writeFold(
  client: ClientBase,
  fold: { readonly deltaIds: readonly string[]; readonly tiles: readonly FoldedTile[] },
): Promise<void> {
  const kept = fold.tiles.filter(({ tile }) => tile.bytes !== undefined);
  const gone = fold.tiles.filter(({ tile }) => tile.bytes === undefined);
  await client.query({
    name: "drift-fold",
    text: foldSql,
    values: [
      fold.deltaIds,
      ...keysOf(kept),
      kept.map(({ tile }) => Buffer.from(tile.bytes ?? new Uint8Array())),
      ...keysOf(gone),
    ],
  });
}

const foldSql = `
  with folded as (delete from drift.deltas where id = any($1::bigint[])),
  gone as (
    delete from drift.tiles t
    using unnest($8::text[], $9::integer[], $10::integer[], $11::integer[], $12::bigint[])
      as g (model, version, segment, width_ms, start_ms)
    where (t.model, t.version, t.segment, t.width_ms, t.start_ms)
      = (g.model, g.version, g.segment, g.width_ms, g.start_ms)
  )
  insert into drift.tiles (model, version, segment, width_ms, start_ms, bytes)
  select * from unnest($2::text[], $3::integer[], $4::integer[], $5::integer[], $6::bigint[], $7::bytea[])
  on conflict (model, version, segment, width_ms, start_ms) do update set bytes = excluded.bytes`;

function keysOf(tiles: readonly FoldedTile[]): unknown[][] {
  return [
    tiles.map(({ model }) => model.name),
    tiles.map(({ model }) => model.version),
    tiles.map(({ tile }) => tile.key.segment),
    tiles.map(({ tile }) => tile.key.widthMs),
    tiles.map(({ tile }) => tile.key.startMs),
  ];
}
