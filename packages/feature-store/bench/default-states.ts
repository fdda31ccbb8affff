import type { BaseTransaction } from "@tollgate/contracts";
import { compileEngagement, type Engagement } from "@tollgate/engagement";
import type { CompiledEntity } from "@tollgate/features";
import { emptyRow, type FeatureStore, type StateAddress, type StateRow } from "../src/index.ts";

/** By name only: platform packages do not depend on an engagement. */
const defaultEngagement: string = "@tollgate/engagement-card-payments";

/** States of the default engagement, grown from its own simulation. */
export interface DefaultStates {
  readonly entities: readonly CompiledEntity<BaseTransaction>[];
  readonly columns: number;
  /** For each simulated transaction, the states that its score reads. */
  readonly reads: readonly (readonly StateAddress<BaseTransaction>[])[];
  readonly rows: readonly { readonly address: StateAddress<BaseTransaction>; readonly row: StateRow }[];
}

export async function growDefaultStates(options: {
  readonly transactions: number;
  readonly customers: number;
}): Promise<DefaultStates> {
  const { engagement } = (await import(defaultEngagement)) as { engagement: Engagement<BaseTransaction> };
  const { featureSet } = compileEngagement(engagement);
  const rows = new Map<string, { address: StateAddress<BaseTransaction>; row: StateRow }>();
  const reads: StateAddress<BaseTransaction>[][] = [];
  const { customers } = options;
  const stream = engagement.simulate({
    seed: 7,
    startMs: Date.UTC(2026, 0, 5),
    customers,
    idPrefix: "bench-",
  });
  for (const { transaction } of stream) {
    const addresses = featureSet.entities.map((entity) => ({ entity, key: entity.key(transaction) }));
    for (const address of addresses) {
      const name = `${address.entity.name}\0${address.key}`;
      const known = rows.get(name) ?? { address, row: emptyRow(address.entity) };
      address.entity.apply(known.row.state, transaction);
      rows.set(name, known);
    }
    reads.push(addresses);
    if (reads.length === options.transactions) break;
  }
  return { entities: featureSet.entities, columns: featureSet.size, reads, rows: [...rows.values()] };
}

/** Writes rows to an empty store, some hundreds at a time. */
export async function writeRows(
  store: FeatureStore<BaseTransaction>,
  rows: DefaultStates["rows"],
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
