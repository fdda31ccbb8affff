import type { ModelReference } from "@tollgate/contracts";
import type { TileKey } from "@tollgate/drift";

export type ModelVersion = Pick<ModelReference, "name" | "version">;

/** A tile of one model version as it is stored, or what is to be added to it. */
export interface PlacedTile {
  readonly key: TileKey;
  readonly bytes: Uint8Array;
}

/** What a stretch of the log adds to the tiles of one model version. */
export interface TileDelta {
  readonly model: ModelVersion;
  readonly tiles: readonly PlacedTile[];
}

/** `card-payments@v3`: also the key of maps and the form in verdicts. */
export function nameOf({ name, version }: ModelVersion): string {
  return `${name}@v${version}`;
}
