import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { preparePythonEnvironment, PythonEnvironmentError } from "@tollgate/python-environment";
import { freePort, testEnvironment, until } from "@tollgate/testkit";
import { onTestFinished } from "vitest";

const requirementsPath = fileURLToPath(new URL("../mlflow/requirements.lock", import.meta.url));
const folder = fileURLToPath(new URL("../../../../.local/mlflow-server-venv", import.meta.url));

/**
 * A Python with MLflow's server, made when it is not there. Undefined, with the reason on standard error,
 * where Python or its packages cannot be had.
 */
export async function openMlflow(): Promise<string | undefined> {
  try {
    return (await preparePythonEnvironment({ folder, requirementsPath })).python;
  } catch (error) {
    if (!(error instanceof PythonEnvironmentError)) throw error;
    process.stderr.write(`tracking by URL is not tested: there is no MLflow server. ${error.message}\n`);
    return undefined;
  }
}

/** A tracking server with an empty store and its own place for artifacts; ended after the test. Its URL. */
export async function startMlflow(python: string): Promise<string> {
  const store = await mkdtemp(join(tmpdir(), "tollgate-mlflow-"));
  const artifacts = join(store, "artifacts");
  await mkdir(artifacts);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const places = [
    "--backend-store-uri",
    `sqlite:///${store}/mlflow.db`,
    "--artifacts-destination",
    artifacts,
  ];
  const listen = ["--host", "127.0.0.1", "--port", String(port), "--workers", "1"];
  // A group of its own: the server starts workers, which must end with it.
  const child = spawn(python, ["-m", "mlflow", "server", ...places, ...listen], {
    cwd: store,
    detached: true,
    env: { ...testEnvironment(), MLFLOW_DISABLE_TELEMETRY: "true" },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await ended;
    await rm(store, { recursive: true, force: true });
  });
  const isReady = async (): Promise<boolean> =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => child.exitCode !== null,
    );
  // It imports for ten seconds on an idle core, and creates its tables.
  await until(isReady, { describe: "MLflow's server to answer", deadlineMs: 180_000 });
  if (child.exitCode !== null) throw new Error(`MLflow's server ended with exit code ${child.exitCode}`);
  return url;
}
