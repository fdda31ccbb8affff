import type { DriftSettings } from "@tollgate/drift";
import type { SimulatedPayment } from "./simulated-row.ts";

/** A change planted into a simulated stream. */
export interface KindOfChange {
  readonly name: string;
  readonly kind: string;
  readonly shouldAlarm: boolean;
  /** Any of these, among the first three findings, is the right name for it. */
  readonly named: readonly string[];
  /** Days that are watched from the change on. */
  readonly days: number;
  /** The stream from the change on, with the change in it; in the order of time. */
  readonly change: (payments: readonly SimulatedPayment[], fromMs: number) => readonly SimulatedPayment[];
  /** A fault between features and model. */
  readonly damage?: (columns: ReadonlyMap<string, number>) => (vector: Float32Array) => void;
  readonly settings?: (fromMs: number) => Partial<DriftSettings>;
}
