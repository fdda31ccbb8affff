import { isLabelledTransaction, parseLabel, type Label, type LabelledTransaction } from "@tollgate/contracts";
import { decodeJsonValue } from "@tollgate/event-log";
import type { LedgerReader } from "@tollgate/ledger-store";
import type { Clock } from "@tollgate/runtime";
import { createRepetitionWindow, repetitionWindowStart } from "@tollgate/scoring";
import type { PartitionRecords, PlacedMessage } from "./count-partition.ts";
import { driftMonitorLimits } from "./limits.ts";
import { readDecision } from "./read-decision.ts";
import type { PartitionPosition } from "./store/partition-store.ts";
import type { PlacedDecision, StretchCounter } from "./stretch-counter.ts";

/**
 * Counts decisions, of each transaction the first record: a producer that was unsure may have sent it twice.
 * @param entity name of the transactional entity.
 */
export function decisionRecords(entity: string): (position: PartitionPosition) => PartitionRecords {
  return ({ nextOffset, nextSequence }) => {
    const start = repetitionWindowStart(Number(nextOffset));
    const window = createRepetitionWindow(start, entity);
    return {
      readFrom: BigInt(start),
      async count(messages, counter) {
        const decisions: PlacedDecision[] = [];
        for (const { value, offset, place, counted } of messages) {
          const read = readDecision(value);
          const repeats = read.ok && window.isRepetition(Number(offset), read.record);
          if (counted) continue;
          if (!read.ok) counter.note("decision-unreadable", `${place}: ${read.fault}`);
          else if (repeats) counter.note("decision-repeated", `${place}: ${read.record.transactionId}`);
          else decisions.push({ record: read.record, place });
        }
        await counter.countDecisions(decisions);
        return nextSequence;
      },
    };
  };
}

/** A labelled transaction has its decision in the ledger, which published it. Repeated ones count once. */
export function labelledRecords(ledger: LedgerReader): (position: PartitionPosition) => PartitionRecords {
  return (position) => {
    let { nextSequence } = position;
    return {
      readFrom: position.nextOffset,
      async count(messages, counter) {
        const labelled = messages.flatMap((message) => labelledOf(message, counter));
        const fresh: typeof labelled = [];
        for (const one of labelled) {
          if (one.record.sequence < nextSequence) counter.note("labelled-repeated", one.place);
          else fresh.push(one);
          nextSequence = Math.max(nextSequence, one.record.sequence + 1);
        }
        const decisions = await lookUp(fresh, ({ record }) =>
          ledger.findDecision(record.label.transactionId),
        );
        for (const [{ record, place }, decision] of decisions) {
          if (decision !== null) await counter.countLabel(record, decision, place);
          else counter.note("labelled-without-decision", `${place}: ${record.label.transactionId}`);
        }
        return nextSequence;
      },
    };
  };
}

/** Keeps the labels that belong to nothing (yet); the others come as labelled transactions. */
export function labelRecords(
  ledger: LedgerReader,
  clock: Clock,
): (position: PartitionPosition) => PartitionRecords {
  return ({ nextOffset, nextSequence }) => ({
    readFrom: nextOffset,
    async count(messages, counter) {
      const labels = messages.flatMap((message) => labelOf(message, counter, clock.nowMs()));
      const decisions = await lookUp(labels, ({ transactionId }) => ledger.findDecision(transactionId));
      for (const [label, decision] of decisions) if (decision === null) counter.keepWaiting(label);
      return nextSequence;
    },
  });
}

interface PlacedLabelled {
  readonly record: LabelledTransaction;
  readonly place: string;
}

function labelledOf({ value, place }: PlacedMessage, counter: StretchCounter): readonly PlacedLabelled[] {
  const json = decodeJsonValue(value, { maxBytes: driftMonitorLimits.recordBytes });
  if (json.ok && isLabelledTransaction(json.value)) return [{ record: json.value, place }];
  counter.note("labelled-unreadable", `${place}: is not a labelled transaction`);
  return [];
}

function labelOf({ value, place }: PlacedMessage, counter: StretchCounter, nowMs: number): readonly Label[] {
  const json = decodeJsonValue(value, { maxBytes: driftMonitorLimits.recordBytes });
  const parsed = json.ok ? parseLabel(json.value, nowMs) : undefined;
  if (parsed?.ok === true) return [parsed.value];
  const faults = parsed?.faults.map(({ path, message }) => `${path} ${message}`) ?? ["is not JSON"];
  counter.note("label-unreadable", `${place}: ${faults.join("; ")}`);
  return [];
}

/** In order, a few at a time. */
async function lookUp<Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Promise<Found>,
): Promise<readonly (readonly [Item, Found])[]> {
  const found: (readonly [Item, Found])[] = [];
  for (let at = 0; at < items.length; at += driftMonitorLimits.lookUps) {
    const some = items.slice(at, at + driftMonitorLimits.lookUps);
    found.push(...(await Promise.all(some.map(async (item) => [item, await find(item)] as const))));
  }
  return found;
}
