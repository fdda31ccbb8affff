import type { DecisionRecord } from "@tollgate/contracts";

/** What of a record says in which states its transaction was counted. */
export type CountedIn = Pick<DecisionRecord, "generation" | "layout">;

/**
 * Names the states that counted a record's transaction when it was scored; undefined when none did. Numbers
 * of generations repeat in every layout: only both together name states.
 */
export function countedIn({ generation, layout }: CountedIn): string | undefined {
  return generation === 0 ? undefined : `${layout ?? ""}/${generation}`;
}
