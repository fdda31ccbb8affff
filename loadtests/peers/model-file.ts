import { join } from "node:path";
import { repositoryRoot } from "@tollgate/local-stack";

/** The default engagement's champion, as it is trained: what every server runs. */
export function modelFile(): string {
  const models = ["packages", "engagement-card-payments", "models", "card-payments"];
  return join(repositoryRoot, ...models, "v1", "model.onnx");
}
