import { preparePythonEnvironment } from "@tollgate/python-environment";
import { repositoryPath } from "./python-tool.ts";

/** The Python with Evidently and NannyML; made on first use. */
export async function prepareDriftPeers(): Promise<string> {
  const { python } = await preparePythonEnvironment({
    folder: repositoryPath(".local/drift-peers-venv"),
    requirementsPath: repositoryPath("infra/drift-table/peers/requirements.txt"),
  });
  return python;
}
