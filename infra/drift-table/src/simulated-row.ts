import type { Outcome } from "@tollgate/contracts";
import type { SimulatedTransaction } from "@tollgate/engagement";
import type { CardPayment } from "@tollgate/engagement-card-payments";

export type SimulatedPayment = SimulatedTransaction<CardPayment>;

/** A payment as the monitor meets it: features, score, decision; and the label it will get. */
export interface SimulatedRow {
  readonly payment: SimulatedPayment;
  readonly vector: Float32Array;
  readonly score: number;
  readonly outcome: Outcome;
}
