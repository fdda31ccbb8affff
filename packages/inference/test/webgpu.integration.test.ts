import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { WebGpuFindings } from "./support/webgpu-child.ts";
import { workerTests } from "./support/worker-tests.ts";

/** Debian's chromium brings a Vulkan device in software and the loader to find it. */
const vulkanFolder = "/usr/lib/chromium";
const driver = `${vulkanFolder}/vk_swiftshader_icd.json`;
const child = fileURLToPath(new URL("support/webgpu-child.ts", import.meta.url));
const noDevice = existsSync(driver)
  ? ""
  : " (SKIPPED: no Vulkan device here; Debian's package chromium has one)";

test.skipIf(noDevice !== "")(
  `WebGPU scores as the CPU does, shared by two versions${noDevice}`,
  workerTests,
  async () => {
    const environment = { LD_LIBRARY_PATH: vulkanFolder, VK_ICD_FILENAMES: driver };
    const { stdout } = await promisify(execFile)(process.execPath, [child], { env: environment });
    const findings = JSON.parse(stdout) as WebGpuFindings;
    for (const found of [findings.inThread, findings.worker]) {
      expect(found).toMatchObject({ provider: "webgpu", breakEvenRows: 1 });
      expect(found.difference).toBeLessThan(1e-4);
    }
    // A device that is not faster is not used, and the log says what was measured.
    expect(findings.tooSlow).toMatchObject({ provider: "cpu" });
    expect(findings.tooSlow.note).toContain("slower than the CPU at every batch size");
    // WebGPU has no operator for trees: ONNX Runtime runs them on the CPU in the device's session.
    expect(findings.trees.difference).toBeLessThan(1e-4);
    expect(findings.sharing).toEqual(["webgpu", "webgpu", "cpu"]);
    expect(findings.reservedAfterClose).toBe(0);
  },
);
