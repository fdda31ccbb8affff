import { decodeVector, type BaseTransaction, type DecisionRecord } from "@tollgate/contracts";
import { emptyRow, type Claim } from "@tollgate/feature-store";
import { byAddress } from "./advance-states.ts";
import { scoringLimits } from "./limits.ts";
import type { LogApplier } from "./log-applier.ts";
import type { DecisionEvent } from "./log-events.ts";

interface LateGroup<T extends BaseTransaction> {
  readonly key: string;
  readonly events: readonly DecisionEvent<T>[];
}

/**
 * Transactions that were not counted in this generation of the store when they were scored (it was away, or
 * another generation was served, or a build of another layout scored them) are counted late rather than
 * never; the claim keeps it to once.
 * @param parts.store one generation of the store.
 */
export async function countLate<T extends BaseTransaction>(
  parts: LogApplier<T>,
  events: readonly DecisionEvent<T>[],
): Promise<void> {
  if (events.length === 0) return;
  const entity = parts.engagement.partitionEntity;
  const groups = byAddress<T, DecisionEvent<T>>(events, ({ transaction }) => [
    { entity, key: entity.key(transaction) },
  ]);
  for (let from = 0; from < groups.length; from += scoringLimits.statesPerTrip) {
    const part = groups.slice(from, from + scoringLimits.statesPerTrip);
    let pending: readonly LateGroup<T>[] = part.map(({ address, events: own }) => ({
      key: address.key,
      events: own,
    }));
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      if (attempt > scoringLimits.rememberAttempts) throw new Error("cards keep changing underneath");
      pending = await tryCount(parts, pending);
      if (pending.length > 0) parts.observer.conflicts(pending.length);
    }
  }
}

function claimOf({ vector, featureSet, statesRead }: DecisionRecord, claimedAtMs: number): Claim {
  return { claimedAtMs, featureSet, vector: decodeVector(vector), statesRead };
}

/** Returns the cards that another writer changed meanwhile. */
async function tryCount<T extends BaseTransaction>(
  { store, engagement, clock }: LogApplier<T>,
  groups: readonly LateGroup<T>[],
): Promise<readonly LateGroup<T>[]> {
  const entity = engagement.partitionEntity;
  const claims = groups.flatMap(({ key, events }) =>
    events.map(({ transaction }) => ({ key, transactionId: transaction.id })),
  );
  const recalled = await store.recall(
    groups.map(({ key }) => ({ entity, key })),
    claims,
  );
  const claimedAtMs = clock.nowMs();
  let claim = 0;
  const moved = groups.flatMap((group, position) => {
    const uncounted = group.events.filter(() => recalled.claims[claim++] === null);
    const read = recalled.states[position];
    if (read === undefined || uncounted.length === 0) return [];
    const row = read.row ?? emptyRow(entity);
    for (const { transaction } of uncounted) entity.apply(row.state, transaction);
    const made = uncounted.map(({ transaction, record }) => ({
      transactionId: transaction.id,
      claim: claimOf(record, claimedAtMs),
    }));
    const { key } = group;
    return [{ group, write: { entity, key, expectedVersion: read.versionBytes, row, claims: made } }];
  });
  if (moved.length === 0) return [];
  const written = await store.remember(
    moved.map(({ write }) => write),
    recalled.generation,
  );
  return moved.filter((_move, position) => written[position] !== true).map(({ group }) => group);
}
