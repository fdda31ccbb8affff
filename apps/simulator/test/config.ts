import { fileURLToPath } from "node:url";

/** Evaluation data lie outside the repository; nothing of them is copied into it. */
export function sharedDataFolder(): string {
  const besideRepository = fileURLToPath(new URL("../../../../shared/data", import.meta.url));
  return process.env["TOLLGATE_SHARED_DATA"] ?? besideRepository;
}
