import type { GoldenRows, ModelManifest } from "@tollgate/model-registry";
import { InferenceError } from "./errors.ts";
import type { ModelLimits } from "./limits.ts";
import { repeatRows } from "./measure-cost.ts";
import type { Session } from "./open-session.ts";

/**
 * Checks that the golden rows score here as where the model was trained, as a batch and one by one: a row's
 * score must not depend on its batch. Gives the largest difference; throws GOLDEN_ROWS_DIFFER.
 */
export async function checkGoldenRows(
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

/** Runs every batch size once: buffers are allocated, code is paged in, a device's programs are compiled. */
export async function warmUpSession(
  session: Session,
  golden: GoldenRows,
  limits: ModelLimits,
): Promise<void> {
  const vectors = repeatRows(golden, Math.max(...limits.warmUpRows));
  for (const rows of limits.warmUpRows) await session.score(vectors, rows);
}
