import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelProvenance } from "@tollgate/model-registry";
import { runProcess } from "@tollgate/python-environment";
import { trainerFolder } from "./trainer-paths.ts";
import type { TrainingOptions } from "./training-options.ts";

/** Folders whose sources compute the training rows, beside the engagement's own. */
const featurePackages: readonly string[] = ["@tollgate/features", "@tollgate/feature-replay"];

/** What a model was made from: digests of the rows, the sources and the environment. */
export async function provenanceOf(
  options: TrainingOptions,
  rows: { readonly path: string; readonly count: number; readonly firstMs: number; readonly lastMs: number },
  lock: string,
): Promise<ModelProvenance> {
  const { transactions, customers, seed, engagementPackage, model, fromMs, untilMs } = options;
  const until = untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() };
  const from = new Date(fromMs).toISOString();
  return {
    trainingData: {
      sha256: await digestOfFile(rows.path),
      rows: rows.count,
      from: new Date(rows.firstMs).toISOString(),
      until: new Date(rows.lastMs).toISOString(),
    },
    ...(await codeReferences([engagementPackage], lock)),
    configuration: { engagement: engagementPackage, model, transactions, customers, seed, from, ...until },
  };
}

/**
 * The sources and packages that a run is made with.
 * @param engagements those whose features it reads.
 * @param lock of the Python packages.
 */
export async function codeReferences(
  engagements: readonly string[],
  lock: string,
): Promise<Pick<ModelProvenance, "code" | "environment">> {
  return {
    code: {
      ...(await commitOf(trainerFolder)),
      featureCode: await digestOfSources([...featurePackages, ...engagements]),
    },
    environment: { lock: await digestOfFile(lock), node: process.version },
  };
}

/** Null outside a git repository, and where git is not installed. */
async function commitOf(folder: string): Promise<{ commit: string | null; changed: boolean }> {
  const git = async (args: readonly string[]): Promise<string | undefined> => {
    const result = await runProcess("git", ["-C", folder, ...args]).catch(() => undefined);
    return result?.exitCode === 0 ? result.output.trim() : undefined;
  };
  const commit = await git(["rev-parse", "HEAD"]);
  if (commit === undefined) return { commit: null, changed: false };
  return { commit, changed: (await git(["status", "--porcelain", "--untracked-files=no"])) !== "" };
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** Over the names and contents of every source file, in the order of the names. */
async function digestOfSources(packages: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const name of packages) {
    const folder = fileURLToPath(new URL(".", import.meta.resolve(name)));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.toSorted()) {
      hash.update(`${name} ${relative(folder, path)}\n`).update(await readFile(path));
    }
  }
  return hash.digest("hex");
}
