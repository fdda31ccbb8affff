import { createRandom, type SimulatedTransaction, type SimulationOptions } from "@tollgate/engagement";
import { componentNames } from "./components.ts";
import type { UlbPayment } from "./transaction.ts";

/** A customer's payments a day, about. */
const paymentsPerDay = 1.5;
const fraudShare = 0.0017;
const labelDelayDays = 7;
const dayMs = 86_400_000;

/** Where fraud lies apart in the published set, in standard deviations of the component: roughly, by eye. */
const fraudShift: Readonly<Record<string, number>> = { V4: 3, V10: -5, V11: 4, V12: -6, V14: -7, V17: -6 };

/**
 * A stream of the set's shape: independent normal components whose spread falls from 2 to 0.3, log-normal
 * amounts, and fraud with some components shifted. It exercises the way; a model of it says nothing of fraud.
 */
export function* simulate(options: SimulationOptions): Generator<SimulatedTransaction<UlbPayment>> {
  const random = createRandom(options.seed, "ulb");
  const meanGapMs = dayMs / (options.customers * paymentsPerDay);
  let occurredAtMs = options.startMs;
  for (let number = 1; ; number += 1) {
    occurredAtMs += random.exponential(meanGapMs);
    const fraud = random.chance(fraudShare);
    const components = componentNames.map((name, position) => {
      const spread = 2 - (1.7 * position) / (componentNames.length - 1);
      return spread * (random.normal() + (fraud ? (fraudShift[name] ?? 0) : 0));
    });
    const atMs = Math.round(occurredAtMs);
    const transaction: UlbPayment = {
      id: `${options.idPrefix}ulb-${number}`,
      occurredAt: new Date(atMs).toISOString(),
      occurredAtMs: atMs,
      amountMinor: Math.round(100 * random.logNormal(22, 1.4)),
      components,
    };
    const labelledAtMs = atMs + labelDelayDays * dayMs;
    const label = fraud ? ({ labelledAtMs, source: "chargeback", fraud: true } as const) : undefined;
    yield { transaction, pattern: fraud ? "shifted-components" : undefined, label };
  }
}
