import { findPythonEnvironment } from "@tollgate/python-environment";
import { testEnvironment } from "@tollgate/testkit";
import { prepareNeuralPython } from "../../src/prepare-python.ts";
import { TrainerError } from "../../src/trainer-error.ts";
import { neuralEnvironmentFolder, neuralLockPath } from "../../src/trainer-paths.ts";

/** With JAX: the one that is there, and in CI one that is made. Else the reason goes to standard error. */
export async function pythonOfNetwork(): Promise<string | undefined> {
  const place = { folder: neuralEnvironmentFolder, requirementsPath: neuralLockPath };
  const found = await findPythonEnvironment(place);
  if (found !== undefined) return found.python;
  if (testEnvironment()["CI"] === undefined) {
    process.stderr.write(
      "the network is not tested: its environment (1.5 GB) is not there. " +
        "CI=true npx vitest run --project integration apps/trainer/test/network makes it\n",
    );
    return undefined;
  }
  try {
    return (await prepareNeuralPython()).python;
  } catch (error) {
    if (!(error instanceof TrainerError)) throw error;
    process.stderr.write(`the network is not tested: ${error.message}\n`);
    return undefined;
  }
}
