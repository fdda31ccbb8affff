import { fileURLToPath } from "node:url";

/** Folder of the Python part. */
export const trainerFolder: string = fileURLToPath(new URL("..", import.meta.url));

/** Every Python package with its version and hashes; `requirements.in` names those that were chosen. */
export const lockPath: string = fileURLToPath(new URL("../requirements.lock", import.meta.url));

/** Of the neural model beside: its packages take a gigabyte. */
export const neuralLockPath: string = fileURLToPath(new URL("../neural/requirements.lock", import.meta.url));

export const neuralEnvironmentFolder: string = fileURLToPath(
  new URL("../../../.local/trainer-neural-venv", import.meta.url),
);

/** MLflow's store of every run, where no other is named. */
export const trackingStore: string = `sqlite:///${fileURLToPath(
  new URL("../../../.local/mlflow/mlflow.db", import.meta.url),
)}`;

/** Made on demand; safe to delete. */
export const environmentFolder: string = fileURLToPath(
  new URL("../../../.local/trainer-venv", import.meta.url),
);
