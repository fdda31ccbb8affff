/** A feature vector as it stands in records and manifests: base64 of little-endian float32. */
export function encodeVector(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");
}

/** Back from {@link encodeVector}. */
export function decodeVector(text: string): Float32Array<ArrayBuffer> {
  const bytes = Buffer.from(text, "base64");
  const vector = new Float32Array(bytes.length / 4);
  new Uint8Array(vector.buffer).set(bytes);
  return vector;
}
