import type { BaseTransaction } from "@tollgate/contracts";
import { watchableAttributes } from "@tollgate/drift";
import type { Engagement } from "@tollgate/engagement";
import { trainerLimits } from "./limits.ts";

/** Text fields of the engagement's transactions that have few values: the drift monitor watches them too. */
export function sampleAttributes<T extends BaseTransaction>(
  { simulate, transaction }: Pick<Engagement<T>, "simulate" | "transaction">,
  stream: { readonly seed: number; readonly fromMs: number },
): readonly string[] {
  const { attributeSample, attributeCustomers: customers } = trainerLimits;
  const sample: Readonly<Record<string, unknown>>[] = [];
  // A world of its own size: among a hundred customers even a card is one of few.
  for (const simulated of simulate({
    seed: stream.seed,
    startMs: stream.fromMs,
    customers,
    idPrefix: "sample-",
  })) {
    sample.push(transaction.toWire(simulated.transaction));
    if (sample.length === attributeSample) break;
  }
  return watchableAttributes(sample);
}
