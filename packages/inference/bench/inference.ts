import { median, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import type { ScoringModel } from "../src/index.ts";
import { readChampion } from "./champion.ts";

const sizes = [1, 8, 64, 256] as const;
const placements = ["in-thread", "worker"] as const;
/** Rows scored in one measurement, so that each takes some milliseconds. */
const rowsMeasured = 1_024;

/**
 * What a row costs in this thread and in a worker, by the size of the batch: one call after the other, real
 * rows, side by side in each round, the median of the rounds.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 5 : 31;
  const champion = await readChampion();
  const { golden } = champion;
  const size = champion.manifest.input.size;
  const vectors = new Float32Array(256 * size);
  for (let row = 0; row < 256; row += 1) {
    const from = (row % golden.rows) * size;
    vectors.set(golden.vectors.subarray(from, from + size), row * size);
  }
  const models = [
    await champion.load({ placement: "in-thread" }),
    await champion.load({ placement: "worker" }),
  ];
  const micros = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const rows of sizes) {
      for (const model of models) {
        const key = `${model.placement} ${rows}`;
        const measured = micros.get(key) ?? [];
        measured.push(await microsPerRow(model, vectors, rows));
        micros.set(key, measured);
      }
    }
  }
  for (const model of models) await model.close();
  const of = (placement: string, rows: number): number => median(micros.get(`${placement} ${rows}`) ?? []);
  const figures: Record<string, number> = {};
  for (const rows of sizes) {
    figures[`microsPerRowInThread${rows}`] = round2(of("in-thread", rows));
    figures[`microsPerRowWorker${rows}`] = round2(of("worker", rows));
  }
  return {
    table: {
      header: ["rows in a batch", "µs a row in-thread", "µs a row by worker", "worker / in-thread"],
      rows: sizes.map((rows) => {
        const [here, there] = placements.map((placement) => of(placement, rows));
        const ratio = (there ?? Number.NaN) / (here ?? Number.NaN);
        return [
          String(rows),
          (here ?? Number.NaN).toFixed(1),
          (there ?? Number.NaN).toFixed(1),
          ratio.toFixed(2),
        ];
      }),
    },
    figures,
    passed: true,
    notes: [
      `${champion.manifest.name}@v${champion.manifest.version}, ${size} features, ${champion.bytes} bytes; ` +
        `medians of ${rounds} rounds, one batch at a time`,
    ],
  };
}

async function microsPerRow(model: ScoringModel, vectors: Float32Array, rows: number): Promise<number> {
  const runs = rowsMeasured / Math.max(8, rows);
  const start = performance.now();
  for (let count = 0; count < runs; count += 1) await model.score(vectors, rows);
  return ((performance.now() - start) * 1000) / (runs * rows);
}

function round2(value: number): number {
  return Number(value.toFixed(2));
}
