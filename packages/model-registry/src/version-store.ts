/** Where a version is kept. */
export interface VersionPlace {
  readonly name: string;
  readonly version: number;
}

/** What lies in a version's place. */
export interface StoredEntry {
  readonly name: string;
  /** False for folders, links and devices, which no version holds. */
  readonly regular: boolean;
}

/** Bytes of versions, whatever is in them; nothing here is believed before it is verified. */
export interface VersionStore {
  /** Where this is, as messages name it. */
  readonly location: string;
  /** Names of the models; empty when there is no registry yet. */
  models(): Promise<readonly string[]>;
  /** Versions in ascending order. */
  versions(name: string): Promise<readonly number[]>;
  /** Throws MODEL_NOT_FOUND when there is no such version. */
  entries(place: VersionPlace): Promise<readonly StoredEntry[]>;
  /** Throws MODEL_NOT_FOUND, or MODEL_MANIFEST_INVALID when the file is longer than the limit. */
  read(place: VersionPlace, file: string, maxBytes: number): Promise<Uint8Array>;
  /** Writes a version whole or not at all; false when it is there already. */
  create(place: VersionPlace, files: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
  /** Replaces one file in one step: the signature, when a version is signed again. */
  replace(place: VersionPlace, file: string, content: Uint8Array): Promise<void>;
}
