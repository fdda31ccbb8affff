import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { workerTests } from "./support/worker-tests.ts";

test("a process that exits while its worker scores ends with its own exit code", workerTests, () => {
  const child = fileURLToPath(new URL("support/exit-child.ts", import.meta.url));
  const { status, signal } = spawnSync(process.execPath, [child], { env: {} });
  expect([status, signal]).toEqual([7, null]);
});
