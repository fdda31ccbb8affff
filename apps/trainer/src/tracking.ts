import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { codeReferences } from "./provenance-of.ts";

/** Where MLflow keeps the run, and what it was made from. */
export interface Tracking {
  /** `sqlite:///FILE`, or a server's URL. */
  readonly uri: string;
  readonly experiment: string;
  /** Where figures and models are kept; undefined where the server has a place of its own. */
  readonly artifacts: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

const sqlite = "sqlite:///";

/** Undefined for `off`. A server's credentials are MLflow's own (`MLFLOW_TRACKING_TOKEN` and the like). */
export async function trackingOf(
  uri: string,
  run: {
    readonly experiment: string;
    readonly featureSources: readonly string[];
    /** Of the Python packages. */
    readonly lock: string;
  },
): Promise<Tracking | undefined> {
  if (uri === "off") return undefined;
  const { code, environment } = await codeReferences(run.featureSources, run.lock);
  const tags = {
    "code.commit": code.commit ?? "unknown",
    "code.changed": String(code.changed),
    "code.features": code.featureCode,
    "environment.lock": environment.lock,
  };
  const { experiment } = run;
  if (!uri.startsWith(sqlite)) return { uri, experiment, artifacts: undefined, tags };
  const folder = dirname(uri.slice(sqlite.length));
  await mkdir(folder, { recursive: true });
  return { uri, experiment, artifacts: pathToFileURL(join(folder, "artifacts", experiment)).href, tags };
}
