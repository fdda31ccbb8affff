import { answerOf, type BaseTransaction, type DecisionAnswer } from "@tollgate/contracts";
import type { FeatureStore } from "@tollgate/feature-store";
import type { LedgerReader } from "@tollgate/ledger-store";
import type { DecisionReader } from "./ports.ts";

type Store = Pick<FeatureStore<BaseTransaction>, "readDecisions">;
type Ledger = Pick<LedgerReader, "findDecision">;

/**
 * Looks a decision up where the last minutes are (Redis), then where all of them are (PostgreSQL). With one
 * of them away it still finds what the other has, but never says "there is none".
 */
export function decisionReader(store: Store, ledger: Ledger | undefined): DecisionReader {
  return {
    async findDecision(transactionId) {
      const [recent, archived] = [
        () => readRecent(store, transactionId),
        () => readArchived(ledger, transactionId),
      ];
      let failure: unknown;
      for (const read of [recent, archived]) {
        try {
          const answer = await read();
          if (answer !== null) return answer;
        } catch (error) {
          failure = error;
        }
      }
      if (failure !== undefined) throw failure;
      return null;
    },
  };
}

async function readRecent(store: Store, transactionId: string): Promise<DecisionAnswer | null> {
  const [stored] = await store.readDecisions([transactionId]);
  return stored === null || stored === undefined ? null : (JSON.parse(stored.answer) as DecisionAnswer);
}

async function readArchived(
  ledger: Ledger | undefined,
  transactionId: string,
): Promise<DecisionAnswer | null> {
  const record = await ledger?.findDecision(transactionId);
  return record === null || record === undefined ? null : answerOf(record);
}
