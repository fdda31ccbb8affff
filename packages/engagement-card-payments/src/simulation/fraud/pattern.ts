import type { World } from "../world.ts";

/** A way of stealing. */
export interface FraudPattern {
  readonly name: string;
  /** Share of all fraudulent payments that this pattern should make. */
  readonly share: number;
  /** Payments that one episode makes in the mean, measured: it sets how often episodes begin. */
  readonly meanPayments: (world: World) => number;
  /** Puts an episode's payments on the agenda. */
  readonly begin: (world: World, atMs: number) => void;
}
