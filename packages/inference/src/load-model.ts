import { decodeGoldenRows, type GoldenRows, type ModelManifest } from "@tollgate/model-registry";
import type { Clock, Logger } from "@tollgate/runtime";
import { InferenceError } from "./errors.ts";
import { modelLimits, type ModelLimits } from "./limits.ts";
import { measureCost, repeatRows } from "./measure-cost.ts";
import { openSession, type Session } from "./open-session.ts";
import type { ScoringModel } from "./scoring-model.ts";

export interface LoadModelOptions {
  /** As the registry resolved them: the digest is already checked. */
  readonly modelBytes: Uint8Array;
  readonly manifest: ModelManifest;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: ModelLimits;
}

/**
 * Opens the model, checks that it scores the golden rows here as it did where it was trained, warms it up and
 * measures what a batch costs. Throws MODEL_UNUSABLE or GOLDEN_ROWS_DIFFER; nothing is left open then.
 */
export async function loadModel(options: LoadModelOptions): Promise<ScoringModel> {
  const { manifest, clock, limits = modelLimits } = options;
  const startMicros = clock.monotonicMicros();
  const session = await openSession(options.modelBytes, manifest);
  try {
    const golden = decodeGoldenRows(manifest);
    const goldenDifference = await checkGoldenRows(session, golden, { manifest, limits });
    await warmUp(session, golden, limits);
    const cost = await measureCost({ session, sample: golden, clock, limits });
    options.logger.info("model-loaded", {
      model: `${manifest.name}@v${manifest.version}`,
      digest: manifest.sha256,
      bytes: options.modelBytes.byteLength,
      goldenDifference,
      fixedMicros: Math.round(cost.fixedMicros),
      perRowMicros: Number(cost.perRowMicros.toFixed(2)),
      loadMs: Math.round((clock.monotonicMicros() - startMicros) / 1000),
    });
    return {
      reference: { name: manifest.name, version: manifest.version, digest: manifest.sha256 },
      thresholds: manifest.thresholds,
      featureSet: manifest.featureSet,
      inputSize: manifest.input.size,
      cost,
      score: async (vectors, rows) => session.score(vectors, rows),
      close: async () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** The largest difference found, as a batch and one by one: a row's score must not depend on its batch. */
async function checkGoldenRows(
  session: Session,
  golden: GoldenRows,
  context: { readonly manifest: ModelManifest; readonly limits: ModelLimits },
): Promise<number> {
  const { manifest, limits } = context;
  const size = manifest.input.size;
  const together = await session.score(golden.vectors, golden.rows);
  let largest = 0;
  for (let row = 0; row < golden.rows; row += 1) {
    const vector = golden.vectors.subarray(row * size, (row + 1) * size);
    const [alone = Number.NaN] = await session.score(vector, 1);
    const expected = golden.probabilities[row] ?? Number.NaN;
    for (const score of [together[row] ?? Number.NaN, alone]) {
      const difference = Math.abs(score - expected);
      if (!(difference <= limits.goldenMaxDifference)) {
        throw new InferenceError(
          "GOLDEN_ROWS_DIFFER",
          `${manifest.name}@v${manifest.version}: golden row ${row} scores ${score}, its manifest says ` +
            `${expected}: a difference of ${difference}, at most ${limits.goldenMaxDifference} is allowed`,
        );
      }
      largest = Math.max(largest, difference);
    }
  }
  return largest;
}

async function warmUp(session: Session, golden: GoldenRows, limits: ModelLimits): Promise<void> {
  const vectors = repeatRows(golden, Math.max(...limits.warmUpRows));
  for (const rows of limits.warmUpRows) await session.score(vectors, rows);
}
