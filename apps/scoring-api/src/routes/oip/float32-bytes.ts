import { endianness } from "node:os";

const bytesPerValue = 4;
const swapped = endianness() === "BE";

/** Values as the binary tensor extension sends them: little-endian float32, row after row. */
export function float32Bytes(values: Float32Array): Buffer {
  const bytes = Buffer.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return swapped ? bytes.swap32() : bytes;
}

/** Back from {@link float32Bytes}; a length that is no multiple of four gives undefined. */
export function float32Values(bytes: Uint8Array): Float32Array | undefined {
  if (bytes.length % bytesPerValue !== 0) return undefined;
  // Copied: the tensor may begin anywhere in the body, a Float32Array only at a multiple of four.
  const copy = Buffer.from(Uint8Array.from(bytes).buffer);
  if (swapped) copy.swap32();
  return new Float32Array(copy.buffer, copy.byteOffset, bytes.length / bytesPerValue);
}
