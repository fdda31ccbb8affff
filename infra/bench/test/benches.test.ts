import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { benches } from "../src/benches.ts";

const root = new URL("../../../", import.meta.url);

test("every bench has a name of its own and a file that is there", () => {
  const names = benches.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(benches.filter(({ file }) => !existsSync(new URL(file, root)))).toEqual([]);
});
