import { findPythonEnvironment, runProcess } from "@tollgate/python-environment";
import { testEnvironment } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { prepareNeuralPython } from "../src/prepare-python.ts";
import { TrainerError } from "../src/trainer-error.ts";
import { neuralEnvironmentFolder, neuralLockPath, trainerFolder } from "../src/trainer-paths.ts";

const python = await neuralPython();

test.runIf(python !== undefined)(
  "the network passes its own tests, in the environment that fits it",
  async () => {
    const files = ["tests/test_network.py", "tests/test_network_rows.py"];
    const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", ...files];
    const { exitCode, output } = await runProcess(python ?? "", args, { cwd: trainerFolder });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).not.toContain("skipped");
  },
);

/** With JAX: the one that is there, and in CI one that is made. Else the reason goes to standard error. */
async function neuralPython(): Promise<string | undefined> {
  const place = { folder: neuralEnvironmentFolder, requirementsPath: neuralLockPath };
  const found = await findPythonEnvironment(place);
  if (found !== undefined) return found.python;
  if (testEnvironment()["CI"] === undefined) {
    process.stderr.write(
      "the network's JAX parts are not tested: its environment (1.5 GB) is not there. " +
        "CI=true npx vitest run --project integration apps/trainer/test/network makes it\n",
    );
    return undefined;
  }
  try {
    return (await prepareNeuralPython()).python;
  } catch (error) {
    if (!(error instanceof TrainerError)) throw error;
    process.stderr.write(`the network's JAX parts are not tested: ${error.message}\n`);
    return undefined;
  }
}
