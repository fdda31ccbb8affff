import { open, mkdir, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { ReferenceProfile } from "@tollgate/drift";
import type { SimulatedRow } from "./simulated-row.ts";

/** Writes the streams that other tools are shown: see peers/default_monitors.py. */
export interface PeerWindows {
  readonly folder: string;
  /** The reference, thinned to what those tools take in their stride. */
  writeReference(rows: readonly SimulatedRow[]): Promise<void>;
  stream(name: string, of: { readonly fromMs: number; readonly days: number }): Promise<PeerStream>;
  finish(): Promise<void>;
}

export interface PeerStream {
  add(row: SimulatedRow): void;
  close(): Promise<void>;
}

/** More than a day has; with 50,000 rows their defaults take several seconds for each day. */
const referenceRowsMax = 10_000;

export async function createPeerWindows(folder: string, profile: ReferenceProfile): Promise<PeerWindows> {
  await mkdir(folder, { recursive: true });
  const streams: { readonly name: string; readonly fromMs: number; readonly days: number }[] = [];
  const write = async (name: string): Promise<PeerStream> => {
    const kinds = ["features", "attributes", "times"] as const;
    const files = await Promise.all(kinds.map((kind) => open(join(folder, `${name}.${kind}`), "w")));
    return writerOf(profile, files);
  };
  return {
    folder,
    async writeReference(rows) {
      const stream = await write("reference");
      const step = Math.max(1, rows.length / referenceRowsMax);
      for (let at = 0; at < rows.length; at += step) {
        const row = rows[Math.floor(at)];
        if (row !== undefined) stream.add(row);
      }
      await stream.close();
    },
    async stream(name, of) {
      streams.push({ name, ...of });
      return write(name);
    },
    async finish() {
      const features = profile.features.map(({ name }) => name);
      const attributes = profile.attributes.map(({ name }) => name);
      await writeFile(join(folder, "windows.json"), JSON.stringify({ features, attributes, streams }));
    },
  };
}

/** Rows gathered before they are written. */
const rowsAtOnce = 10_000;

function writerOf(profile: ReferenceProfile, files: readonly FileHandle[]): PeerStream {
  const codes = profile.attributes.map(() => new Map<string, number>());
  let rows: SimulatedRow[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  profile.attributes.forEach(({ bins }, place) => {
    bins.categories.forEach((category, code) => codes[place]?.set(category, code));
  });
  const flush = (): void => {
    const parts = encode(profile, codes, rows);
    rows = [];
    writing = writing.then(async () =>
      Promise.all(parts.map(async (part, place) => files[place]?.write(part))),
    );
  };
  return {
    add(row) {
      rows.push(row);
      if (rows.length === rowsAtOnce) flush();
    },
    async close() {
      flush();
      await writing;
      await Promise.all(files.map(async (file) => file.close()));
    },
  };
}

/** Categories that the reference lacks get the next free codes. */
function encode(
  profile: ReferenceProfile,
  codes: readonly Map<string, number>[],
  rows: readonly SimulatedRow[],
): readonly Uint8Array[] {
  const width = profile.features.length;
  const features = new Float32Array(rows.length * width);
  const attributes = new Uint8Array(rows.length * profile.attributes.length);
  const times = new Float64Array(rows.length);
  rows.forEach(({ vector, payment: { transaction } }, index) => {
    features.set(vector, index * width);
    times[index] = transaction.occurredAtMs;
    profile.attributes.forEach(({ field }, place) => {
      const value = (transaction as unknown as Readonly<Record<string, string>>)[field] ?? "";
      const known = codes[place] ?? new Map<string, number>();
      const code = known.get(value) ?? known.size;
      known.set(value, code);
      attributes[index * profile.attributes.length + place] = code;
    });
  });
  return [new Uint8Array(features.buffer), attributes, new Uint8Array(times.buffer)];
}
