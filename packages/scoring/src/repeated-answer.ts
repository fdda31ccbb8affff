import type { DecisionAnswer } from "@tollgate/contracts";
import type { StoredDecision } from "@tollgate/feature-store";
import type { Scored } from "./score-request.ts";

/** The first decision on a transaction, for whoever sends it again. */
export function repeatedAnswer({ answer: json }: StoredDecision): Scored {
  return { answer: JSON.parse(json) as DecisionAnswer, json, repeated: true };
}
