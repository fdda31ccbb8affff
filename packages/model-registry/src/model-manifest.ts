import type { Fault, Parsed } from "@tollgate/contracts";
import { assertThresholds, type Thresholds } from "@tollgate/decisioning";
import type { SequenceReference } from "@tollgate/features";
import { z } from "zod";
import { modelRegistryLimits } from "./limits.ts";

/** Names of the two files that every version has. */
export const modelFile = "model.onnx";
export const manifestFile = "manifest.json";

/** What a model's name may look like: it is a folder, a metric label and a part of references. */
export const modelNamePattern: RegExp = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u;

/** What `manifest.json` beside a model file says of it (docs/specs/model-manifest.md). */
export interface ModelManifest {
  readonly schema: "tollgate.model.v1";
  readonly name: string;
  readonly version: number;
  readonly file: "model.onnx";
  /** SHA-256 of the model file, hex. */
  readonly sha256: string;
  /** Hash of the whole feature set of the engagement at the time of training. */
  readonly featureSet: string;
  /** The features in the order of the model's input; the served vector may hold more, in another order. */
  readonly features: readonly ModelFeature[];
  /** An entity's latest transactions, which the input has behind the features; absent for most models. */
  readonly sequence?: SequenceReference | undefined;
  readonly input: { readonly name: string; readonly size: number };
  readonly output: { readonly name: string };
  /** Scores from which a transaction is reviewed or declined, from the engagement's policy. */
  readonly thresholds: Thresholds;
  /** Vectors (base64, little-endian float32) with the scores that every runtime must give for them. */
  readonly goldenRows: readonly GoldenRow[];
  /** RFC 3339. */
  readonly trainedAt: string;
  readonly trainedOn: Readonly<Record<string, string | number | boolean>>;
  readonly metrics: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
  /** What the model was made from, by digest; absent from manifests that were written before it was noted. */
  readonly provenance?: ModelProvenance | undefined;
}

/** Enough to make the model again, and to tell what it was made from. */
export interface ModelProvenance {
  /** Digest of the rows as they were fitted, and the event times they cover. */
  readonly trainingData: {
    readonly sha256: string;
    readonly rows: number;
    readonly from: string;
    readonly until: string;
  };
  readonly code: {
    /** Commit of the training code; null where it ran outside a repository. */
    readonly commit: string | null;
    /** True when files differed from that commit. */
    readonly changed: boolean;
    /** Digest of the sources that compute the features. */
    readonly featureCode: string;
  };
  /** What the training was asked for. */
  readonly configuration: Readonly<Record<string, string | number | boolean>>;
  readonly environment: {
    /** Digest of the lock file of the training's Python packages. */
    readonly lock: string;
    readonly node: string;
  };
}

/** One column of the model's input: `fingerprint` identifies everything that gives its value a meaning. */
export interface ModelFeature {
  readonly name: string;
  readonly fingerprint: string;
  readonly unit: string;
}

export interface GoldenRow {
  readonly vector: string;
  readonly probability: number;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const goldenRow = z.strictObject({ vector: z.base64(), probability: z.number().min(0).max(1) });
const modelFeature = z.strictObject({
  name: z.string().min(1),
  fingerprint: z.string().min(1),
  unit: z.string(),
});
const modelSequence = z.strictObject({
  name: z.string().min(1),
  fingerprint: z.string().min(1),
  slots: z.int().min(1).max(modelRegistryLimits.sequenceSlots),
  channels: z.array(z.string().min(1)).min(1).max(modelRegistryLimits.sequenceChannels),
});
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u, "must be 64 lower-case hex digits");

const provenance = z.strictObject({
  trainingData: z.strictObject({
    sha256,
    rows: z.int().min(1),
    from: z.iso.datetime({ offset: true }),
    until: z.iso.datetime({ offset: true }),
  }),
  code: z.strictObject({
    commit: z
      .string()
      .regex(/^[0-9a-f]{40,64}$/u)
      .nullable(),
    changed: z.boolean(),
    featureCode: sha256,
  }),
  configuration: z.record(z.string(), scalar),
  environment: z.strictObject({ lock: sha256, node: z.string().min(1) }),
});

const manifestSchema: z.ZodType<ModelManifest> = z
  .strictObject({
    schema: z.literal("tollgate.model.v1"),
    name: z.string().max(64).regex(modelNamePattern),
    version: z.int().min(1),
    file: z.literal("model.onnx"),
    sha256,
    featureSet: z.string().min(1),
    features: z.array(modelFeature).min(1).max(modelRegistryLimits.features),
    sequence: modelSequence.optional(),
    input: z.strictObject({ name: z.string().min(1), size: z.int().min(1) }),
    output: z.strictObject({ name: z.string().min(1) }),
    thresholds: z.strictObject({ review: z.number(), decline: z.number() }),
    goldenRows: z.array(goldenRow).min(1).max(modelRegistryLimits.goldenRows),
    trainedAt: z.iso.datetime({ offset: true }),
    trainedOn: z.record(z.string(), scalar),
    metrics: z.record(z.string(), z.union([z.number(), z.record(z.string(), z.number())])),
    provenance: provenance.optional(),
  })
  .superRefine((manifest, context) => {
    for (const fault of contradictionsOf(manifest)) {
      context.addIssue({ code: "custom", path: [...fault.path], message: fault.message });
    }
  });

/** Checks a manifest of unknown origin; every fault is reported with its path. */
export function parseModelManifest(input: unknown): Parsed<ModelManifest> {
  const result = manifestSchema.safeParse(input);
  return result.success ? { ok: true, value: result.data } : { ok: false, faults: faultsOf(result.error) };
}

interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function contradictionsOf(manifest: {
  readonly features: readonly { readonly name: string }[];
  readonly sequence?: SequenceReference | undefined;
  readonly input: { readonly size: number };
  readonly thresholds: { readonly review: number; readonly decline: number };
  readonly goldenRows: readonly { readonly vector: string }[];
}): readonly Contradiction[] {
  const contradictions: Contradiction[] = [];
  const { features, sequence } = manifest;
  const size = features.length + (sequence === undefined ? 0 : sequence.slots * sequence.channels.length);
  if (manifest.input.size !== size) {
    const besides = sequence === undefined ? "" : " and of the sequence's values";
    const message = `must be the number of features${besides}, ${size}`;
    contradictions.push({ path: ["input", "size"], message });
  }
  if (new Set(features.map(({ name }) => name)).size !== features.length) {
    contradictions.push({ path: ["features"], message: "must not name a feature twice" });
  }
  try {
    assertThresholds(manifest.thresholds);
  } catch (error) {
    contradictions.push({ path: ["thresholds"], message: (error as Error).message });
  }
  for (const [row, { vector }] of manifest.goldenRows.entries()) {
    const bytes = Buffer.from(vector, "base64").length;
    if (bytes === size * 4) continue;
    const message = `must hold ${size} float32 values, ${size * 4} bytes; it holds ${bytes} bytes`;
    contradictions.push({ path: ["goldenRows", row, "vector"], message });
  }
  return contradictions;
}

/** RFC 6901 pointers; an unknown key is a fault at that key. */
function faultsOf(error: z.ZodError): readonly Fault[] {
  return error.issues.flatMap((issue) => {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : undefined;
    if (keys === undefined) return [{ path: pointer(issue.path), message: issue.message }];
    return keys.map((key) => ({
      path: pointer([...issue.path, key]),
      message: "is not a field of a manifest",
    }));
  });
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
