import { appendFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  findPythonEnvironment,
  preparePythonEnvironment,
  runProcess,
  type PythonEnvironmentOptions,
} from "../src/index.ts";

/** A virtual environment takes seconds, on a busy machine a minute. */
const limitMs = 300_000;

test(
  "an environment is kept while its file stays the same, and made anew when that changes",
  async () => {
    const options = await emptyEnvironment();
    const { folder, requirementsPath } = options;
    const trace = join(folder, "trace");
    expect(await findPythonEnvironment(options)).toBeUndefined();
    const { python, made } = await preparePythonEnvironment(options);
    expect(made).toBe(true);
    expect(await runProcess(python, ["-c", "print('it runs')"])).toEqual({
      exitCode: 0,
      output: "it runs\n",
    });
    await writeFile(trace, "");
    expect(await preparePythonEnvironment(options)).toEqual({ python, folder, made: false });
    expect((await stat(trace)).isFile()).toBe(true);
    await appendFile(requirementsPath, "# nor now\n");
    expect(await findPythonEnvironment(options)).toBeUndefined();
    expect(await preparePythonEnvironment(options)).toMatchObject({ made: true });
    await expect(stat(trace)).rejects.toThrow("ENOENT");
  },
  limitMs,
);

test(
  "where packages cannot be had the error ends with pip's words, and the next time tries again",
  async () => {
    const options = await emptyEnvironment();
    await writeFile(options.requirementsPath, "./no-such-package.whl\n");
    const failed = preparePythonEnvironment(options);
    await expect(failed).rejects.toThrow(/could not install the packages of .*no-such-package/su);
    await expect(failed).rejects.toMatchObject({ name: "PythonEnvironmentError" });
    expect(await findPythonEnvironment(options)).toBeUndefined();
    await writeFile(options.requirementsPath, "# none\n");
    expect(await preparePythonEnvironment(options)).toMatchObject({ made: true });
  },
  limitMs,
);

/** Of a file that names no package: pip asks no index. */
async function emptyEnvironment(): Promise<PythonEnvironmentOptions> {
  const parent = await mkdtemp(join(tmpdir(), "python-environment-"));
  onTestFinished(async () => rm(parent, { recursive: true, force: true }));
  const requirementsPath = join(parent, "requirements.txt");
  await writeFile(requirementsPath, "# none\n");
  return { folder: join(parent, "environment"), requirementsPath };
}
