import { appendFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { preparePython, runPython } from "../src/python-tool.ts";

/** A virtual environment takes seconds, on a busy machine a minute. */
const limitMs = 300_000;

test(
  "a Python environment is kept while its requirements stay, and made anew when they change",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "python-tool-"));
    onTestFinished(async () => rm(folder, { recursive: true, force: true }));
    const requirements = join(folder, "requirements.txt");
    const environment = join(folder, "environment");
    const trace = join(environment, "trace");
    // Nothing to install: pip asks no index.
    await writeFile(requirements, "# none\n");
    const python = await preparePython({ environment, requirements });
    expect(await runPython(python, ["-c", "print('first'); print('last')"])).toBe("last");
    await writeFile(trace, "");
    await preparePython({ environment, requirements });
    expect((await stat(trace)).isFile()).toBe(true);
    await appendFile(requirements, "# nor now\n");
    await preparePython({ environment, requirements });
    await expect(stat(trace)).rejects.toThrow("ENOENT");
  },
  limitMs,
);
