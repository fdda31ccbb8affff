import { refuse } from "./refuse.ts";

const deepestList = 2;

/**
 * A tensor's `data`, flat or nested, row after row, as float32.
 * @throws ApiError `INVALID_INFERENCE` when it has another count, or holds what is no float32 number
 */
export function flatNumbers(
  data: unknown,
  expected: { readonly values: number; readonly name: string },
): Float32Array {
  const { values, name } = expected;
  if (!Array.isArray(data)) refuse(`input "${name}" needs "data", a list of numbers`);
  // A nested list may be as deep as the shape, no deeper: a thousand brackets are no tensor.
  const flat: readonly unknown[] = data.flat(deepestList - 1);
  if (flat.length !== values) {
    refuse(`input "${name}" has ${flat.length} values, its shape needs ${values}`);
  }
  const vectors = new Float32Array(values);
  for (const [index, value] of flat.entries()) {
    const single = typeof value === "number" ? Math.fround(value) : Number.NaN;
    if (!Number.isFinite(single)) refuse(`value ${index} of input "${name}" is not an FP32 number`);
    vectors[index] = single;
  }
  return vectors;
}
