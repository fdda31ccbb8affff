import { outcomes } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { CardPayment } from "@tollgate/engagement-card-payments";
import { createStreamReplay } from "@tollgate/feature-replay";
import type { FeatureSet } from "@tollgate/features";
import { trainerLimits } from "./limits.ts";
import type { ProgressBar } from "./progress-bar.ts";
import { readHandbook } from "./read-handbook.ts";
import { createTrainingRowWriter } from "./training-rows.ts";

/** The Handbook's delay: what happened is known seven days later. */
const labelDelayMs = 7 * 86_400_000;

/**
 * Writes each payment's features and truth to a Parquet file; labels reach the states as they arrive. What
 * the engagement's rules would say comes from its own features, computed beside.
 */
export async function exportHandbookRows(
  compiled: CompiledEngagement<CardPayment>,
  options: {
    readonly dataPath: string;
    readonly rowsPath: string;
    readonly featureSet: FeatureSet<CardPayment>;
    readonly progress: ProgressBar;
  },
): Promise<number> {
  const { featureSet, progress } = options;
  const writer = createTrainingRowWriter(options.rowsPath, featureSet.names);
  const replay = createStreamReplay(featureSet);
  const vector = new Float32Array(featureSet.size);
  const ruleReplay = createStreamReplay(compiled.featureSet);
  const ruleVector = new Float32Array(compiled.featureSet.size);
  let rows = 0;
  for await (const { payment, fraud, scenario } of readHandbook(options.dataPath, compiled)) {
    const labelledAtMs = payment.occurredAtMs + labelDelayMs;
    replay.next(payment, vector, { fraud, labelledAtMs });
    ruleReplay.next(payment, ruleVector, { fraud, labelledAtMs });
    const ruled = { transaction: payment, vector: ruleVector, offset: 0, score: null, thresholds: null };
    const verdict = compiled.decisions.decide(ruled);
    const row = {
      transactionId: payment.id,
      entityKey: payment.cardId,
      occurredAtMs: payment.occurredAtMs,
      labelFraud: fraud,
      labelledAtMs,
      pattern: scenario,
      ruleOutcome: outcomes.indexOf(verdict.outcome),
      rulesFired: verdict.reasons.length,
    };
    await writer.add(row, vector);
    rows += 1;
    if (rows % trainerLimits.progressRows === 0) progress.show(rows);
  }
  await writer.finish();
  progress.end(rows);
  return rows;
}
