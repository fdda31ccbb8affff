import type { BaseTransaction } from "@tollgate/contracts";
import { compileEngagement, type Engagement } from "@tollgate/engagement";
import type { CompiledEntity } from "@tollgate/features";
import { emptyRow, type FeatureStore, type StateAddress, type StateRow } from "../src/index.ts";

/** By name only: platform packages do not depend on an engagement. */
const defaultEngagement: string = "@tollgate/engagement-card-payments";
const dayMs = 86_400_000;
const readDays = 7;
/** Of the decision log; each position that a row has read to is a number in it. */
const partitions = 4;

/** States of the default engagement, grown from its own simulation. */
export interface DefaultStates {
  readonly entities: readonly CompiledEntity<BaseTransaction>[];
  readonly columns: number;
  /** For each transaction of the last week, the states that its score reads. */
  readonly reads: readonly (readonly StateAddress<BaseTransaction>[])[];
  readonly rows: { readonly address: StateAddress<BaseTransaction>; readonly row: StateRow }[];
}

/** Grows them from so many days of these customers; after 60 days the rings of most cards are full. */
export async function growDefaultStates(options: {
  readonly customers: number;
  readonly days: number;
}): Promise<DefaultStates> {
  const { engagement } = (await import(defaultEngagement)) as { engagement: Engagement<BaseTransaction> };
  const { featureSet } = compileEngagement(engagement);
  const rows = new Map<string, { address: StateAddress<BaseTransaction>; row: StateRow }>();
  const reads: StateAddress<BaseTransaction>[][] = [];
  const { customers, days } = options;
  const startMs = Date.UTC(2026, 0, 5);
  const endMs = startMs + days * dayMs;
  const stream = engagement.simulate({
    seed: 7,
    startMs,
    customers,
    idPrefix: "bench-",
  });
  let applied = 0;
  for (const { transaction } of stream) {
    applied += 1;
    if (transaction.occurredAtMs >= endMs) break;
    const addresses = featureSet.entities.map((entity) => ({ entity, key: entity.key(transaction) }));
    for (const address of addresses) {
      const name = `${address.entity.name}\0${address.key}`;
      const known = rows.get(name) ?? { address, row: emptyRow(address.entity) };
      address.entity.apply(known.row.state, transaction);
      if (address.entity.consistency === "streamed") {
        known.row.nextOffsets[applied % partitions] = applied;
        known.row.nextLabelSequence = applied;
      }
      rows.set(name, known);
    }
    if (transaction.occurredAtMs >= endMs - readDays * dayMs) reads.push(addresses);
  }
  return { entities: featureSet.entities, columns: featureSet.size, reads, rows: [...rows.values()] };
}

/** Writes rows to an empty store, some hundreds at a time. */
export async function writeRows(
  store: FeatureStore<BaseTransaction>,
  rows: readonly DefaultStates["rows"][number][],
): Promise<void> {
  const rowsAtOnce = 512;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const writes = rows.slice(from, from + rowsAtOnce).map(({ address, row }) => ({
      ...address,
      row,
      expectedVersion: Buffer.alloc(0),
      claims: [],
    }));
    const written = await store.remember(writes, 1);
    if (written.includes(false)) throw new Error("the bench's Redis was not empty");
  }
}
