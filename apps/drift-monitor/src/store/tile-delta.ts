import type { ModelReference } from "@tollgate/contracts";
import type { TileKey } from "@tollgate/drift";

export type ModelVersion = Pick<ModelReference, "name" | "version">;

/** What a stretch of the log adds to one tile of a model version. */
export interface TileDelta {
  readonly model: ModelVersion;
  readonly key: TileKey;
  readonly bytes: Uint8Array;
}

/** `card-payments@v3`: also the key of maps and the form in verdicts. */
export function nameOf({ name, version }: ModelVersion): string {
  return `${name}@v${version}`;
}
