import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { redisFeatureStore, type StateAddress } from "@tollgate/feature-store";
import { stateBytes, type EntityState } from "@tollgate/features";
import { until } from "@tollgate/testkit";
import type { Redis } from "ioredis";
import type { Pool } from "pg";
import { expect } from "vitest";
import { compiled } from "./payments.ts";

interface Expected {
  readonly address: StateAddress<CardPayment>;
  readonly state: EntityState;
}

/**
 * Every state in Redis is, byte for byte, what the reducer makes of the decisions and labelled transactions
 * in PostgreSQL, each applied once.
 */
export async function expectStatesAsArchived(sides: {
  readonly postgres: Pool;
  readonly redis: Redis;
  readonly prefix: string;
}): Promise<void> {
  const expected = await statesFromArchive(sides.postgres);
  const store = redisFeatureStore<CardPayment>(sides.redis, {
    prefix: sides.prefix,
    entities: compiled.featureSet.entities,
    idempotencySeconds: 600,
  });
  const different = async (): Promise<readonly string[]> => {
    const { states } = await store.recall(
      expected.map(({ address }) => address),
      [],
    );
    return expected.flatMap(({ address, state }, position) => {
      const stored = states[position]?.row?.state;
      const same = stored !== undefined && Buffer.from(stateBytes(stored)).equals(stateBytes(state));
      return same ? [] : [`${address.entity.name} ${address.key}`];
    });
  };
  let left: readonly string[] = [];
  const caughtUp = async (): Promise<boolean> => {
    left = await different();
    return left.length === 0;
  };
  const describe = "states to be those of the archive";
  await until(caughtUp, { describe, deadlineMs: 60_000, intervalMs: 200 }).catch(() => undefined);
  expect(left).toEqual([]);
}

async function statesFromArchive(postgres: Pool): Promise<readonly Expected[]> {
  const { fromWire } = engagement.transaction;
  const states = new Map<string, Expected>();
  const expectedOf = (address: StateAddress<CardPayment>): EntityState => {
    const name = `${address.entity.name} ${address.key}`;
    const known = states.get(name) ?? { address, state: address.entity.empty() };
    states.set(name, known);
    return known.state;
  };
  const decisions = await postgres.query<{ transaction: unknown }>(
    "select record -> 'transaction' as transaction from decisions",
  );
  for (const row of decisions.rows) {
    const transaction = fromWire(row.transaction);
    for (const entity of compiled.featureSet.entities) {
      entity.apply(expectedOf({ entity, key: entity.key(transaction) }), transaction);
    }
  }
  const labels = await postgres.query<{ transaction: unknown; fraud: boolean; labelled_at: Date }>(
    `select d.record -> 'transaction' as transaction, t.fraud, t.labelled_at
     from labelled_transactions t join decisions d using (transaction_id) order by t.sequence`,
  );
  for (const { transaction: wire, fraud, labelled_at: labelledAt } of labels.rows) {
    const transaction = fromWire(wire);
    for (const entity of compiled.featureSet.entities) {
      if (!entity.usesLabels) continue;
      const state = expectedOf({ entity, key: entity.key(transaction) });
      entity.applyLabel(state, { transaction, fraud, labelledAtMs: labelledAt.getTime() });
    }
  }
  return [...states.values()];
}
