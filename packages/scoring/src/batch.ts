import type { BaseTransaction, DegradedPart, StateRead } from "@tollgate/contracts";
import type { Claim } from "@tollgate/feature-store";
import type { ScoringError } from "./errors.ts";
import type { ScoreRequest, Scored } from "./score-request.ts";
import type { ScoringPlan, ServedVersion } from "./scoring-plan.ts";

/** One transaction on its way; each step fills in its part. Fields exist from the start: one hidden class. */
export interface Row<T extends BaseTransaction> {
  readonly request: ScoreRequest<T>;
  /** Key of the transactional entity. */
  readonly partitionKey: string;
  /**
   * Its features and, where a model is loaded that reads it, the sequence behind them: a view on the batch's
   * matrix, or that of the claim it resumes.
   */
  vector: Float32Array;
  /** For each entity, in the feature set's order, where its state is among those of the last recall. */
  readonly places: Int32Array;
  statesRead: readonly StateRead[];
  /** Set when an earlier attempt counted this transaction but did not record a decision. */
  claim: Claim | null;
  /** Generation of the feature store in which it is counted; 0 when nothing could be read. */
  generation: number;
  score: number | null;
  /** The version of the model that gave the score. */
  version: ServedVersion | null;
  readonly degraded: Set<DegradedPart>;
  scored: Scored | null;
  /** Why there is no decision. */
  failure: ScoringError | null;
}

/** The distinct transactions of one call, and which request asks for which. */
export interface Batch<T extends BaseTransaction> {
  readonly rows: readonly Row<T>[];
  /** For each request, its row; the same row for an id that comes twice. */
  readonly rowOfRequest: readonly Row<T>[];
}

export function openBatch<T extends BaseTransaction>(
  { engagement, readsSequence }: Pick<ScoringPlan<T>, "engagement" | "readsSequence">,
  requests: readonly ScoreRequest<T>[],
): Batch<T> {
  const { featureSet, partitionEntity } = engagement;
  const width = featureSet.size + (readsSequence() ? (featureSet.sequence?.size ?? 0) : 0);
  const matrix = new Float32Array(requests.length * width);
  const rows = new Map<string, Row<T>>();
  const rowOfRequest = requests.map((request) => {
    const known = rows.get(request.transaction.id);
    if (known !== undefined) return known;
    const from = rows.size * width;
    const row: Row<T> = {
      request,
      partitionKey: partitionEntity.key(request.transaction),
      vector: matrix.subarray(from, from + width),
      places: new Int32Array(featureSet.entities.length),
      statesRead: [],
      claim: null,
      generation: 0,
      score: null,
      version: null,
      degraded: new Set(),
      scored: null,
      failure: null,
    };
    rows.set(request.transaction.id, row);
    return row;
  });
  return { rows: [...rows.values()], rowOfRequest };
}
