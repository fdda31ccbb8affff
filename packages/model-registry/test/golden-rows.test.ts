import { encodeVector } from "@tollgate/contracts";
import { expect, test } from "vitest";
import { decodeGoldenRows } from "../src/index.ts";

test("golden rows come back as they were written, one after the other", () => {
  const vectors = [Float32Array.of(0.1, -1, 1e30), Float32Array.of(3, 0, Number.EPSILON)];
  const golden = decodeGoldenRows({
    input: { size: 3 },
    goldenRows: vectors.map((vector, row) => ({ vector: encodeVector(vector), probability: row / 4 })),
  });
  expect(golden.rows).toBe(2);
  expect([...golden.vectors]).toEqual(vectors.flatMap((vector) => [...vector]));
  expect([...golden.probabilities]).toEqual([0, 0.25]);
});
