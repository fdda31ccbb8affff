import { readFile } from "node:fs/promises";
import {
  ModelRegistryError,
  parseModelManifest,
  type ModelManifest,
  type ModelRegistry,
  type NewModel,
  type ResolvedModel,
} from "@tollgate/model-registry";
import { tableLines } from "@tollgate/runtime";
import { succeeded, type CommandResult } from "./command-result.ts";
import { ModelsError } from "./models-error.ts";
import type { ModelsOptions } from "./options.ts";

export async function listModels(registry: ModelRegistry): Promise<CommandResult> {
  const models = await registry.list();
  if (models.length === 0) return succeeded(["the registry holds no model: `npm run train` makes one"], []);
  const rows = models.flatMap(({ name, versions, aliases }) =>
    versions.map((version) => {
      const here = [...aliases].filter(([, target]) => target.version === version).map(([alias]) => alias);
      return { reference: `${name}@v${version}`, aliases: here };
    }),
  );
  const cells = rows.map(({ reference, aliases }) => [reference, aliases.join(", ")]);
  return succeeded(tableLines(["version", "aliases"], cells), rows);
}

export async function showVersion(registry: ModelRegistry, reference: string): Promise<CommandResult> {
  const { manifest, modelBytes, signer, digest, files } = await registry.resolve(reference);
  const tags = await registry.tags(`${manifest.name}@v${manifest.version}`);
  const facts: readonly (readonly [string, string])[] = [
    ["version", `${manifest.name}@v${manifest.version}`],
    ["signed by", signer ?? "nobody"],
    ["root digest", digest],
    ["model", `${modelBytes.byteLength.toLocaleString("en")} bytes, sha256 ${manifest.sha256}`],
    ["other files", [...files.keys()].join(", ") || "none"],
    ["feature set", `${manifest.featureSet}, ${manifest.features.length} features`],
    ["thresholds", `review ${manifest.thresholds.review}, decline ${manifest.thresholds.decline}`],
    ["trained at", manifest.trainedAt],
    ...scalars("trained on", manifest.trainedOn),
    ...provenanceFacts(manifest),
    ...scalars("metric", manifest.metrics),
    ...[...tags].map(([name, value]) => [`tag ${name}`, value] as const),
  ];
  const result = {
    manifest,
    signer: signer ?? null,
    digest,
    files: [...files.keys()],
    tags: Object.fromEntries(tags),
  };
  return succeeded(tableLines(["what", "value"], facts), result);
}

/** One version, or every version and the chain of the history. */
export async function verifyRegistry(
  registry: ModelRegistry,
  options: ModelsOptions,
): Promise<CommandResult> {
  const [reference] = options.operands;
  if (reference !== undefined) {
    const model = await registry.resolve(reference);
    return succeeded([verified(model)], { reference, digest: model.digest, signer: model.signer ?? null });
  }
  const lines: string[] = [];
  const refused: string[] = [];
  for (const { name, versions } of await registry.list()) {
    for (const version of versions) {
      try {
        lines.push(verified(await registry.resolve(`${name}@v${version}`)));
      } catch (error) {
        if (!(error instanceof ModelRegistryError)) throw error;
        refused.push(`${name}@v${version}`);
        lines.push(`${name}@v${version}  REFUSED: ${error.message}`);
      }
    }
  }
  const { links, head, broken } = await registry.history.verify(options.head);
  lines.push(
    broken === undefined
      ? `history: ${links} links hold; head ${head} (keep it elsewhere, and give it to verify --head)`
      : `history: BROKEN at link ${broken.sequence}: ${broken.reason}; ${links} links before it hold`,
  );
  const passed = refused.length === 0 && broken === undefined;
  return { lines, result: { refused, history: { links, head, broken: broken ?? null } }, passed };
}

export async function publishFiles(registry: ModelRegistry, options: ModelsOptions): Promise<CommandResult> {
  const { model, manifest: manifestPath, files, who, why } = options;
  if (model === undefined || manifestPath === undefined) {
    throw new ModelsError("publish needs --model FILE and --manifest FILE");
  }
  const described = manifestOf(manifestPath, await readFile(manifestPath, "utf8"));
  const further = new Map<string, Uint8Array>();
  for (const file of files) {
    const [, name = "", path = ""] = /^([^=]+)=(.+)$/u.exec(file) ?? [];
    if (path === "") throw new ModelsError(`--file ${file}: write NAME=PATH`);
    further.set(name, new Uint8Array(await readFile(path)));
  }
  const modelBytes = new Uint8Array(await readFile(model));
  const manifest = await registry.publish(
    { modelBytes, manifest: described, files: () => further },
    { who, why },
  );
  const reference = `${manifest.name}@v${manifest.version}`;
  return succeeded([`published: ${reference}, sha256 ${manifest.sha256}`], {
    reference,
    sha256: manifest.sha256,
  });
}

function manifestOf(path: string, text: string): NewModel["manifest"] {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new ModelsError(`${path} is not JSON: ${(error as Error).message}`, error);
  }
  const given = {
    schema: "tollgate.model.v1",
    version: 1,
    file: "model.onnx",
    sha256: "0".repeat(64),
  } as const;
  const parsed = parseModelManifest({ ...(typeof input === "object" ? input : {}), ...given });
  if (!parsed.ok) {
    const faults = parsed.faults.map((fault) => `${fault.path} ${fault.message}`).join("; ");
    throw new ModelsError(`${path} is no manifest: ${faults}`);
  }
  const { schema: _schema, version: _version, file: _file, sha256: _sha256, ...described } = parsed.value;
  return described;
}

function verified({ manifest, signer, digest }: ResolvedModel): string {
  const { name, version } = manifest;
  return `${name}@v${version}  holds, signed by ${signer ?? "NOBODY"}, root digest ${digest}`;
}

function provenanceFacts({ provenance }: ModelManifest): readonly (readonly [string, string])[] {
  if (provenance === undefined) return [["provenance", "not recorded"]];
  const { trainingData, code, environment, configuration } = provenance;
  return [
    ["training data", `${trainingData.rows} rows, sha256 ${trainingData.sha256}`],
    ["training code", `commit ${code.commit ?? "unknown"}, features ${code.featureCode}`],
    ["environment", `lock ${environment.lock}, Node ${environment.node}`],
    ...scalars("configuration", configuration),
  ];
}

function scalars(
  what: string,
  values: Readonly<Record<string, unknown>>,
): readonly (readonly [string, string])[] {
  return Object.entries(values).map(([name, value]) => {
    return [`${what} ${name}`, typeof value === "string" ? value : JSON.stringify(value)];
  });
}
