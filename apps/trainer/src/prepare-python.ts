import {
  preparePythonEnvironment,
  PythonEnvironmentError,
  type PythonEnvironment,
} from "@tollgate/python-environment";
import { TrainerError } from "./trainer-error.ts";
import { environmentFolder, lockPath, neuralEnvironmentFolder, neuralLockPath } from "./trainer-paths.ts";

/** The trainer's Python, made where it is not there. Throws a {@link TrainerError} with what is missing. */
export function preparePython(): Promise<PythonEnvironment> {
  return prepare(environmentFolder, lockPath);
}

/** That of the network. */
export function prepareNeuralPython(): Promise<PythonEnvironment> {
  return prepare(neuralEnvironmentFolder, neuralLockPath);
}

async function prepare(folder: string, requirementsPath: string): Promise<PythonEnvironment> {
  try {
    return await preparePythonEnvironment({ folder, requirementsPath });
  } catch (error) {
    if (!(error instanceof PythonEnvironmentError)) throw error;
    throw new TrainerError(`the trainer has no Python: ${error.message}`, error);
  }
}
