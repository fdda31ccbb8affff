import type { BaseTransaction } from "@tollgate/contracts";
import type { Filter, StateFeature } from "./definition.ts";
import type { EntityLayout } from "./entity-layout.ts";
import type { EntityState } from "./entity-state.ts";
import { filterBit, type TransactionReading } from "./transaction-reading.ts";

/** The time of an entity's last, or first, transaction that a filter accepts: kept beside the head's own. */
export interface Moment<T extends BaseTransaction> {
  readonly kind: "seconds-since-last" | "seconds-since-first";
  readonly where: Filter<T>;
}

export interface PlacedMoment {
  readonly isLast: boolean;
  readonly mask: number;
  /** In the float64 view; 0 there stands for none. */
  readonly at: number;
}

/** The moments that features ask for, each once. */
export function momentsOf<T extends BaseTransaction>(
  features: readonly StateFeature<T>[],
): readonly Moment<T>[] {
  const moments = features.flatMap((feature): readonly Moment<T>[] => {
    if (feature.kind !== "seconds-since-last" && feature.kind !== "seconds-since-first") return [];
    return feature.where === undefined ? [] : [{ kind: feature.kind, where: feature.where }];
  });
  return [...new Map(moments.map((moment) => [momentKey(moment), moment])).values()];
}

/** Equal for moments that are one and the same. */
export function momentKey<T extends BaseTransaction>({ kind, where }: Moment<T>): string {
  return `${kind}/${where.name}`;
}

export function placedMoments<T extends BaseTransaction>(layout: EntityLayout<T>): readonly PlacedMoment[] {
  return layout.moments.map(({ kind, where }, row) => ({
    isLast: kind === "seconds-since-last",
    mask: filterBit(layout.filters, where),
    at: layout.momentsAt + row,
  }));
}

/** The latest and the earliest of what came, in whatever order. One at 0 ms, which is none, is left out. */
export function noteMoments(
  moments: readonly PlacedMoment[],
  { float64 }: EntityState,
  { atMs, filterBits }: TransactionReading,
): void {
  if (atMs === 0) return;
  for (const { isLast, mask, at } of moments) {
    if ((filterBits & mask) !== mask) continue;
    const known = float64[at] ?? 0;
    if (known === 0 || (isLast ? atMs > known : atMs < known)) float64[at] = atMs;
  }
}
