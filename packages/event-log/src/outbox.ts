import { open, readFile, unlink, type FileHandle } from "node:fs/promises";
import type { Clock, Logger } from "@tollgate/runtime";
import { createCoalescer } from "./coalescer.ts";
import { EventLogError } from "./errors.ts";
import { lockFolder } from "./folder-lock.ts";
import { outboxLimits } from "./limits.ts";
import { decodeFrames, encodeFrame, frameHeaderBytes, type Frame } from "./outbox-frame.ts";
import { findSegments, segmentPath, syncFolder, writeProgress, type Segment } from "./outbox-folder.ts";

/** Records that Kafka could not take, on this machine's disk until it can. Layout: docs/specs/outbox.md. */
export interface Outbox {
  /**
   * Resolves when all are on disk (fsync).
   * @throws EventLogError `OUTBOX_FULL`, `OUTBOX_WRITE_FAILED`
   */
  append(payloads: readonly Uint8Array[]): Promise<void>;
  /**
   * Hands everything pending to `send`, oldest first, and forgets what it resolved for; ends when nothing is
   * pending or `send` rejects (with its error). A crash in between sends the last batch again, never less.
   * @returns how many records were sent.
   */
  drain(send: (payloads: readonly Buffer[]) => Promise<void>): Promise<number>;
  readonly pendingCount: number;
  readonly pendingBytes: number;
  /** Age of the oldest pending record in milliseconds; null when there is none. */
  oldestAgeMs(): number | null;
  close(): Promise<void>;
}

export interface OutboxOptions {
  /** Used by this process only; created when missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxBytes?: number;
  readonly segmentBytes?: number;
  /** Records handed to `send` at once. */
  readonly drainRecords?: number;
}

/** @throws EventLogError `OUTBOX_LOCKED` */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { folder, clock } = options;
  const unlock = lockFolder(folder);
  const found = await findSegments(folder, options.logger);
  const segments: Segment[] = [...found.segments];
  const writer = createSegmentWriter(options, segments, found.nextNumber);
  const commits = createCoalescer<Buffer, void>({
    flush: (frames) => writer.commit(frames),
    sizeOf: (frame) => frame.length,
    maxItems: outboxLimits.commitRecords,
    maxBytes: outboxLimits.commitBytes,
  });
  let unsentBytes = segments.reduce((sum, one) => sum + one.committedBytes - one.drainedBytes, 0);
  let draining: Promise<number> | undefined;

  return {
    async append(payloads) {
      const atMs = clock.nowMs();
      const frames = payloads.map((payload) => encodeFrame(payload, atMs));
      const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
      const maxBytes = options.maxBytes ?? outboxLimits.maxBytes;
      if (unsentBytes + bytes > maxBytes) {
        throw new EventLogError("OUTBOX_FULL", `${unsentBytes} of ${maxBytes} bytes are taken`);
      }
      unsentBytes += bytes;
      try {
        await commits.add(frames);
      } catch (error) {
        unsentBytes -= bytes;
        throw new EventLogError("OUTBOX_WRITE_FAILED", `${folder} cannot be written`, error);
      }
    },
    drain(send) {
      const sent = (bytes: number): void => {
        unsentBytes -= bytes;
      };
      draining ??= drainAll({ options, segments, writer, send, sent }).finally(() => {
        draining = undefined;
      });
      return draining;
    },
    get pendingCount() {
      return segments.reduce((sum, segment) => sum + segment.pendingCount, 0);
    },
    get pendingBytes() {
      return unsentBytes;
    },
    oldestAgeMs() {
      const oldest = segments.find((segment) => segment.oldestAtMs !== null)?.oldestAtMs;
      return oldest === undefined || oldest === null ? null : Math.max(0, clock.nowMs() - oldest);
    },
    async close() {
      await commits.idle();
      await draining?.catch(() => 0);
      await writer.close();
      unlock();
    },
  };
}

interface SegmentWriter {
  /** Writes and fsyncs the frames, all or none. */
  commit(frames: readonly Buffer[]): Promise<void>;
  isActive(segment: Segment): boolean;
  /** Ends the active segment, so that it can be deleted; false while it is being written. */
  release(segment: Segment): Promise<boolean>;
  close(): Promise<void>;
}

function createSegmentWriter(
  options: OutboxOptions,
  segments: Segment[],
  firstNumber: number,
): SegmentWriter {
  const segmentBytes = options.segmentBytes ?? outboxLimits.segmentBytes;
  let number = firstNumber;
  let active: { readonly segment: Segment; readonly file: FileHandle } | undefined;
  let writing = false;

  const openNext = async (): Promise<{ segment: Segment; file: FileHandle }> => {
    // Taken even if this fails: a file that is there already would refuse every later attempt.
    const taken = number;
    number += 1;
    const path = segmentPath(options.folder, taken);
    const file = await createFile(path, options.folder);
    const empty = { committedBytes: 0, drainedBytes: 0, pendingCount: 0, oldestAtMs: null };
    const segment: Segment = { number: taken, path, ...empty };
    segments.push(segment);
    return { segment, file };
  };
  const abandon = async (): Promise<void> => {
    const { file } = active ?? {};
    active = undefined;
    await file?.close();
  };
  const write = async (frames: readonly Buffer[]): Promise<void> => {
    if (active !== undefined && active.segment.committedBytes >= segmentBytes) await abandon();
    active ??= await openNext();
    const { segment, file } = active;
    const bytes = Buffer.concat(frames);
    try {
      const { bytesWritten } = await file.write(bytes, 0, bytes.length, segment.committedBytes);
      if (bytesWritten < bytes.length) throw new Error(`wrote ${bytesWritten} of ${bytes.length} bytes`);
      await file.datasync();
    } catch (error) {
      // After a failed fsync the file cannot be trusted: cut it back and go on in a new one.
      await file.truncate(segment.committedBytes).catch(() => undefined);
      await abandon();
      throw error;
    }
    segment.committedBytes += bytes.length;
    segment.pendingCount += frames.length;
    segment.oldestAtMs ??= options.clock.nowMs();
  };
  return {
    async commit(frames) {
      writing = true;
      try {
        await write(frames);
      } finally {
        writing = false;
      }
    },
    isActive: (segment) => active?.segment === segment,
    async release(segment) {
      if (active?.segment !== segment) return true;
      if (writing) return false;
      await abandon();
      return true;
    },
    close: abandon,
  };
}

/** A file whose name is durable; none when that fails. */
async function createFile(path: string, folder: string): Promise<FileHandle> {
  const file = await open(path, "wx");
  try {
    await syncFolder(folder);
    return file;
  } catch (error) {
    await file.close();
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

interface DrainContext {
  readonly options: OutboxOptions;
  readonly segments: Segment[];
  readonly writer: SegmentWriter;
  readonly send: (payloads: readonly Buffer[]) => Promise<void>;
  readonly sent: (bytes: number) => void;
}

async function drainAll(context: DrainContext): Promise<number> {
  let count = 0;
  for (let head = context.segments[0]; head !== undefined; head = context.segments[0]) {
    count += await drainSegment(head, context);
    if (head.pendingCount > 0) continue;
    if (!(await context.writer.release(head)) || head.pendingCount > 0) break;
    context.segments.shift();
    await unlink(head.path);
  }
  return count;
}

async function drainSegment(segment: Segment, context: DrainContext): Promise<number> {
  // Only what is committed: the file may be growing behind it.
  const bytes = (await readFile(segment.path)).subarray(0, segment.committedBytes);
  const frames = decodeFrames(bytes, segment.drainedBytes);
  const { folder } = context.options;
  const drainRecords = context.options.drainRecords ?? outboxLimits.drainRecords;
  for (let start = 0; start < frames.length; start += drainRecords) {
    const batch = frames.slice(start, start + drainRecords);
    await context.send(batch.map((frame) => frame.payload));
    forget(segment, batch, frames[start + batch.length]);
    context.sent(batch.reduce((sum, frame) => sum + frame.payload.length + frameHeaderBytes, 0));
    await writeProgress(folder, segment);
  }
  return frames.length;
}

function forget(segment: Segment, batch: readonly Frame[], next: Frame | undefined): void {
  segment.drainedBytes = batch.at(-1)?.end ?? segment.drainedBytes;
  segment.pendingCount -= batch.length;
  segment.oldestAtMs = next?.atMs ?? (segment.pendingCount > 0 ? segment.oldestAtMs : null);
}
