import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  buildReferenceProfile,
  createDriftCounters,
  createDriftJudge,
  type DecisionObservation,
  type ReferenceProfile,
} from "@tollgate/drift";
import { createRandom } from "@tollgate/engagement";
import { median, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { prepareDriftPeers } from "../src/prepare-drift-peers.ts";
import { repositoryPath, runPython } from "../src/python-tool.ts";

const features = 40;
const rows = 100_000;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 5);
const decisionsPerSecondMin = 50_000;
const bytesPerFeatureTileMax = 200;

/**
 * Counting and judging 100,000 decisions of 40 features, beside Evidently's data drift preset on the same
 * rows.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const vectors = drawVectors();
  const profile = makeProfile(vectors);
  const rounds = quick ? 3 : 7;
  const counted = Array.from({ length: rounds + 1 }, () => countAll(profile, vectors)).slice(1);
  const decisionsPerSecond = median(counted.map(({ perSecond }) => perSecond));
  const [first] = counted;
  const { judgeMillis, counters } = judgeDay(profile, vectors);
  const tiles = counters.tiles();
  const memoryBytes = counters.byteLength / counters.tileCount / counters.layout.groups.length;
  const storedBytes =
    tiles.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0) /
    tiles.length /
    counters.layout.groups.length;
  const evidently = await askEvidently(vectors);
  const passed = decisionsPerSecond >= decisionsPerSecondMin && memoryBytes <= bytesPerFeatureTileMax;
  const ours = rows / decisionsPerSecond + judgeMillis / 1000;
  return {
    table: {
      header: ["", "this monitor", "Evidently"],
      rows: [
        ["decisions/s, one core, counting", decisionsPerSecond.toFixed(0), ""],
        ["judging a day, ms", judgeMillis.toFixed(1), ""],
        ["all 100,000 rows, s of processor", ours.toFixed(2), cell(evidently?.seconds, 2)],
        ["memory for the window, MB", (first?.megabytes ?? 0).toFixed(2), cell(evidently?.megabytes, 0)],
        ["bytes of a feature in a tile, memory", memoryBytes.toFixed(0), ""],
        ["bytes of a feature in a tile, stored", storedBytes.toFixed(0), ""],
      ],
    },
    figures: {
      decisionsPerSecond: Math.round(decisionsPerSecond),
      judgeMillis: Number(judgeMillis.toFixed(2)),
      bytesPerFeatureTile: Math.ceil(memoryBytes),
      storedBytesPerFeatureTile: Math.ceil(storedBytes),
      ...(evidently === undefined
        ? {}
        : { timesFasterThanEvidently: Number((evidently.seconds / ours).toFixed(1)) }),
    },
    passed,
    notes: [
      `${features} features, ${rows} decisions of a day, one segment, medians of ${rounds} rounds`,
      evidently === undefined
        ? "Evidently could not be installed: it needs Python 3.11 to 3.13 and pip"
        : "Evidently 0.7.23: DataDriftPreset, 50,000 rows against 100,000; memory: what the report adds",
    ],
  };
}

function drawVectors(): Float32Array {
  const random = createRandom(1);
  return Float32Array.from({ length: rows * features }, (_, index) =>
    index % features < features / 2 ? random.logNormal(20, 1) : random.integer(0, 30),
  );
}

function makeProfile(vectors: Float32Array): ReferenceProfile {
  const random = createRandom(2);
  return buildReferenceProfile({
    model: { name: "bench", version: 1 },
    featureSet: {
      hash: "bench",
      features: Array.from({ length: features }, (_, column) => ({
        name: `feature_${column}`,
        unit: "",
        missingValue: -1,
      })),
    },
    attributes: [],
    thresholds: { review: 0.9, decline: 0.99 },
    rows: Array.from({ length: rows / 2 }, (_, row) => ({
      occurredAtMs: startMs + Math.floor((row * 28 * dayMs * 2) / rows),
      vector: vectors.subarray(row * features, (row + 1) * features),
      attributes: [],
      score: random.uniform() ** 3,
      outcome: "approve" as const,
      fraud: random.chance(0.01),
    })),
  });
}

function observe(vectors: Float32Array, row: number): DecisionObservation {
  return {
    occurredAtMs: startMs + 28 * dayMs + Math.floor((row * dayMs) / rows),
    vector: vectors.subarray(row * features, (row + 1) * features),
    attributes: [],
    score: (row % 1_000) / 1_000,
    outcome: "approve",
    rung: "model",
    valueMinor: 1_000,
    statuses: ["PRESENT", "PRESENT", "NOT_FOUND"],
  };
}

/** Processor time: what else runs on the machine does not count. */
function countAll(
  profile: ReferenceProfile,
  vectors: Float32Array,
): { readonly perSecond: number; readonly megabytes: number } {
  const counters = createDriftCounters(profile);
  const began = process.cpuUsage();
  for (let row = 0; row < rows; row += 1) counters.count(observe(vectors, row), Infinity);
  const used = process.cpuUsage(began);
  return { perSecond: rows / ((used.user + used.system) / 1e6), megabytes: counters.byteLength / 1e6 };
}

function judgeDay(
  profile: ReferenceProfile,
  vectors: Float32Array,
): { readonly judgeMillis: number; readonly counters: ReturnType<typeof createDriftCounters> } {
  const counters = createDriftCounters(profile);
  for (let row = 0; row < rows; row += 1) counters.count(observe(vectors, row), Infinity);
  const judge = createDriftJudge({ profile, segment: "all" });
  const times = Array.from({ length: 9 }, () => {
    const began = process.cpuUsage();
    judge.judge(counters, { kind: "day", fromMs: Math.floor((startMs + 28 * dayMs) / hourMs) * hourMs });
    const used = process.cpuUsage(began);
    return (used.user + used.system) / 1e3;
  });
  return { judgeMillis: median(times), counters };
}

/** Undefined where it cannot be installed. */
async function askEvidently(
  vectors: Float32Array,
): Promise<{ readonly seconds: number; readonly megabytes: number } | undefined> {
  const folder = repositoryPath(".local/drift-table/bench");
  await mkdir(folder, { recursive: true });
  const path = join(folder, "vectors");
  await writeFile(path, new Uint8Array(vectors.buffer));
  try {
    const python = await prepareDriftPeers();
    const script = repositoryPath("infra/drift-table/peers/evidently_report.py");
    return JSON.parse(await runPython(python, [script, path, String(features)])) as {
      readonly seconds: number;
      readonly megabytes: number;
    };
  } catch {
    return undefined;
  }
}

function cell(value: number | undefined, digits: number): string {
  return value === undefined ? "not installed" : value.toFixed(digits);
}
