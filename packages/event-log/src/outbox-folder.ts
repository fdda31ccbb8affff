import { open, readdir, readFile, rename, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@tollgate/runtime";
import { decodeFrames } from "./outbox-frame.ts";

/** A segment file as found or grown: which bytes are safe on disk, which of them are already sent. */
export interface Segment {
  readonly number: number;
  readonly path: string;
  committedBytes: number;
  drainedBytes: number;
  /** Records between `drainedBytes` and `committedBytes`. */
  pendingCount: number;
  /** When the oldest of them was put in; null when there is none. */
  oldestAtMs: number | null;
}

interface Progress {
  readonly segment: number;
  readonly bytes: number;
}

export interface FoundSegments {
  readonly segments: readonly Segment[];
  readonly nextNumber: number;
}

/** Reads what an earlier process left: drops what is sent, cuts off a torn tail, counts what is pending. */
export async function findSegments(folder: string, logger: Logger): Promise<FoundSegments> {
  const progress = await readProgress(folder);
  const names = (await readdir(folder)).filter((name) => /^\d{8}\.segment$/u.test(name)).toSorted();
  const numbers = names.map((name) => Number(name.slice(0, 8)));
  const segments: Segment[] = [];
  for (const number of numbers) {
    const path = segmentPath(folder, number);
    if (number < progress.segment) {
      await unlink(path);
      continue;
    }
    const drained = number === progress.segment ? progress.bytes : 0;
    const segment = await scanSegment(path, { number, drained, isLast: number === numbers.at(-1), logger });
    if (segment.pendingCount > 0) segments.push(segment);
    else await unlink(path);
  }
  return { segments, nextNumber: Math.max(0, progress.segment, ...numbers) + 1 };
}

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, "0")}.segment`);
}

interface ScanOptions {
  readonly number: number;
  readonly drained: number;
  readonly isLast: boolean;
  readonly logger: Logger;
}

async function scanSegment(path: string, options: ScanOptions): Promise<Segment> {
  const bytes = await readFile(path);
  const frames = decodeFrames(bytes);
  const committedBytes = frames.at(-1)?.end ?? 0;
  const pending = frames.filter((frame) => frame.end > options.drained);
  if (committedBytes < bytes.length) {
    await cutOff(path, bytes, committedBytes, options);
  }
  return {
    number: options.number,
    path,
    committedBytes,
    drainedBytes: Math.min(options.drained, committedBytes),
    pendingCount: pending.length,
    oldestAtMs: pending[0]?.atMs ?? null,
  };
}

/** At the end of the last segment it is a write that was never acknowledged; elsewhere it is damage: kept. */
async function cutOff(path: string, bytes: Buffer, at: number, options: ScanOptions): Promise<void> {
  const cutBytes = bytes.length - at;
  if (options.isLast) options.logger.warn("outbox-torn-tail", { path, cutBytes });
  else {
    await writeFile(`${path}.damaged`, bytes.subarray(at));
    options.logger.error("outbox-damaged", { path, cutBytes, keptIn: `${path}.damaged` });
  }
  await truncate(path, at);
}

async function readProgress(folder: string): Promise<Progress> {
  try {
    const progress = JSON.parse(await readFile(join(folder, "progress.json"), "utf8")) as Progress;
    if (Number.isInteger(progress.segment) && Number.isInteger(progress.bytes)) return progress;
  } catch {
    // Never written, or not readable: everything found is sent again, which is safe.
  }
  return { segment: 0, bytes: 0 };
}

/** Remembers what is sent, all or nothing: a new file renamed over the old one. */
export async function writeProgress(folder: string, segment: Segment): Promise<void> {
  const next = join(folder, "progress.next");
  const file = await open(next, "w");
  try {
    await file.writeFile(JSON.stringify({ segment: segment.number, bytes: segment.drainedBytes }));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(next, join(folder, "progress.json"));
}

/** Makes a new name in the folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
