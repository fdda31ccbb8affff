import { writeFileSync } from "node:fs";
import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement } from "@tollgate/engagement";
import { templateSeparator, type TransactionTemplate } from "../k6/load-plan.ts";
import { loadLimits } from "./limits.ts";

export interface WrittenTransactions {
  readonly count: number;
  /** Event time that the file covers: the next turn begins after it. */
  readonly spanMs: number;
  /** Mean length of a transaction's JSON, with id and time. */
  readonly bytesEach: number;
  readonly cards: string;
}

export interface WriteTransactionsOptions<T extends BaseTransaction> {
  readonly engagement: Engagement<T>;
  readonly path: string;
  /** How many the run sends: the file holds that many, or as many as it may. */
  readonly wanted: number;
  readonly seed: number;
  readonly idPrefix: string;
}

/** Simulated transactions of the engagement, as the k6 script reads them. */
export function writeTransactions<T extends BaseTransaction>(
  options: WriteTransactionsOptions<T>,
): WrittenTransactions {
  const { engagement, path, seed, idPrefix } = options;
  const count = Math.min(options.wanted, loadLimits.templates);
  const { min, max } = loadLimits.cardholders;
  const wantedHolders = Math.ceil(count / loadLimits.paymentsPerCardholderDay);
  const customers = Math.min(max, Math.max(min, wantedHolders));
  const templates: string[] = [];
  let startMs = 0;
  let endMs = 0;
  let bytes = 0;
  // From 2001 on: the script moves the times so that the run's last transaction is of the present.
  for (const { transaction } of engagement.simulate({ seed, startMs: 1e12, customers, idPrefix })) {
    if (templates.length === 0) startMs = transaction.occurredAtMs;
    if (templates.length >= count) break;
    endMs = transaction.occurredAtMs;
    const text = JSON.stringify(engagement.transaction.toWire(transaction));
    bytes += text.length;
    const pieces = cutTransaction(text, {
      id: transaction.id,
      time: new Date(transaction.occurredAtMs).toISOString(),
    });
    const offsetMs = transaction.occurredAtMs - startMs;
    const template: TransactionTemplate = [[offsetMs, ...pieces].join(templateSeparator)];
    templates.push(JSON.stringify(template));
  }
  writeFileSync(path, `[${templates.join(",\n")}]\n`);
  return { count, spanMs: endMs - startMs + 1, bytesEach: bytes / count, cards: `${customers} cardholders` };
}

/** The text before the id, before the time, and after it. @throws Error when they stand in another order. */
export function cutTransaction(
  text: string,
  parts: { readonly id: string; readonly time: string },
): readonly [beforeId: string, beforeTime: string, afterTime: string] {
  const idAt = text.indexOf(`"${parts.id}"`);
  const timeAt = text.indexOf(`"${parts.time}"`);
  if (idAt < 0 || timeAt < idAt) throw new Error(`id and time are not where they should be in ${text}`);
  return [
    text.slice(0, idAt + 1),
    text.slice(idAt + 1 + parts.id.length, timeAt + 1),
    text.slice(timeAt + 1 + parts.time.length),
  ];
}
