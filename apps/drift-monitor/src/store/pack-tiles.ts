import type { PlacedTile } from "./tile-delta.ts";

/** Segment, width and start in milliseconds, length; then the tile's bytes. */
const headBytes = 4 + 4 + 8 + 4;

/** Tiles as one value: a stretch has hundreds, and a row for each is work for PostgreSQL. */
export function packTiles(tiles: readonly PlacedTile[]): Buffer {
  const length = tiles.reduce((sum, { bytes }) => sum + headBytes + bytes.length, 0);
  const packed = Buffer.alloc(length);
  let position = 0;
  for (const { key, bytes } of tiles) {
    packed.writeInt32LE(key.segment, position);
    packed.writeInt32LE(key.widthMs, position + 4);
    packed.writeDoubleLE(key.startMs, position + 8);
    packed.writeInt32LE(bytes.length, position + 16);
    packed.set(bytes, position + headBytes);
    position += headBytes + bytes.length;
  }
  return packed;
}

/** Back from {@link packTiles}; the tiles' bytes are views. Throws a RangeError for what is cut off. */
export function unpackTiles(packed: Buffer): readonly PlacedTile[] {
  const tiles: PlacedTile[] = [];
  for (let position = 0; position < packed.length;) {
    const key = {
      segment: packed.readInt32LE(position),
      widthMs: packed.readInt32LE(position + 4),
      startMs: packed.readDoubleLE(position + 8),
    };
    const from = position + headBytes;
    position = from + packed.readInt32LE(position + 16);
    if (position > packed.length)
      throw new RangeError(`a packed tile ends at ${position}, beyond the last byte`);
    tiles.push({ key, bytes: packed.subarray(from, position) });
  }
  return tiles;
}
