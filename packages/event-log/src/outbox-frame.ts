import { crc32 } from "node:zlib";
import { outboxLimits } from "./limits.ts";

/** One record of a segment: length, checksum and time in front of the payload, little-endian. */
export interface Frame {
  readonly payload: Buffer;
  /** When it was put into the outbox, milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Where the next frame starts. */
  readonly end: number;
}

/** Length (4 bytes) + CRC-32 over time and payload (4) + time (8, float64). */
export const frameHeaderBytes = 16;

export function encodeFrame(payload: Uint8Array, atMs: number): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeDoubleLE(atMs, 8);
  frame.set(payload, frameHeaderBytes);
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
  return frame;
}

/** The frame at `start`, or null when the bytes from there on are not a whole, undamaged frame. */
function decodeFrame(bytes: Buffer, start: number): Frame | null {
  if (start + frameHeaderBytes > bytes.length) return null;
  const length = bytes.readUInt32LE(start);
  const end = start + frameHeaderBytes + length;
  if (length > outboxLimits.frameBytes || end > bytes.length) return null;
  if (crc32(bytes.subarray(start + 8, end)) !== bytes.readUInt32LE(start + 4)) return null;
  return {
    payload: bytes.subarray(start + frameHeaderBytes, end),
    atMs: bytes.readDoubleLE(start + 8),
    end,
  };
}

/** Every whole frame from `start` to the first one that is not. */
export function decodeFrames(bytes: Buffer, start = 0): readonly Frame[] {
  const frames: Frame[] = [];
  let frame = decodeFrame(bytes, start);
  while (frame !== null) {
    frames.push(frame);
    frame = decodeFrame(bytes, frame.end);
  }
  return frames;
}
