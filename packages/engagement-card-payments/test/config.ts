import { fileURLToPath } from "node:url";

/** Where the Handbook's file is, outside the repository: nothing of it is copied into it. */
export function handbookFile(): string {
  const besideRepository = fileURLToPath(new URL("../../../../shared/data", import.meta.url));
  const folder = process.env["TOLLGATE_SHARED_DATA"] ?? besideRepository;
  return `${folder}/handbook-2018-04-01-to-2018-08-14.parquet`;
}
