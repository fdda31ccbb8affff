import { decisionName, type BaseTransaction, type DegradedPart, type StateRead } from "@tollgate/contracts";
import type { Claim } from "@tollgate/feature-store";
import { ScoringError } from "./errors.ts";
import type { ScoreRequest, Scored } from "./score-request.ts";
import type { ScoringPlan, ServedVersion } from "./scoring-plan.ts";

/** One transaction on its way; each step fills in its part. Fields exist from the start: one hidden class. */
export interface Row<T extends BaseTransaction> {
  /** The first that asks for it. */
  readonly request: ScoreRequest<T>;
  /** All that do. */
  readonly requests: ScoreRequest<T>[];
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
  /** For each request, its row; the same row for an id that comes twice with one card. */
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
    const partitionKey = partitionEntity.key(request.transaction);
    // An id that comes with two cards has two rows: which of them has it is known after the recall.
    const name = decisionName({ transactionId: request.transaction.id, partitionKey });
    const known = rows.get(name);
    if (known !== undefined) {
      known.requests.push(request);
      return known;
    }
    const from = rows.size * width;
    const row: Row<T> = {
      request,
      requests: [request],
      partitionKey,
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
    rows.set(name, row);
    return row;
  });
  return { rows: [...rows.values()], rowOfRequest };
}

/** Of rows with one id, which are of different cards, one keeps it: that which was counted, or the first. */
export function refuseTakenIds<T extends BaseTransaction>(rows: readonly Row<T>[]): void {
  if (rows.length === 1) return;
  const undecided = rows.filter(({ failure, scored }) => failure === null && scored === null);
  const owners = new Map<string, Row<T>>();
  for (const row of undecided) if (row.claim !== null) owners.set(row.request.transaction.id, row);
  for (const row of undecided) {
    const { id } = row.request.transaction;
    const owner = owners.get(id);
    if (owner === undefined) owners.set(id, row);
    else if (owner !== row) row.failure = new ScoringError("TRANSACTION_ID_TAKEN");
  }
}
