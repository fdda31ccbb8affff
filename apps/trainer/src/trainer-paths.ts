import { fileURLToPath } from "node:url";

/** Folder of the Python part. */
export const trainerFolder: string = fileURLToPath(new URL("..", import.meta.url));

/** Every Python package with its version and hashes; `requirements.in` names those that were chosen. */
export const lockPath: string = fileURLToPath(new URL("../requirements.lock", import.meta.url));

/** Made on demand; safe to delete. */
export const environmentFolder: string = fileURLToPath(
  new URL("../../../.local/trainer-venv", import.meta.url),
);
