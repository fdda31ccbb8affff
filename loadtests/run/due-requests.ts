import type { LoadPhase } from "../k6/load-plan.ts";
import { requestsBeforeSlots } from "../k6/poisson-arrivals.ts";

/** How often k6 is to begin something in a phase: a request, or a slot of Poisson arrivals. */
export function dueIterations({ poisson, requestsPerSecond, seconds }: LoadPhase): number {
  return poisson?.count ?? requestsPerSecond * seconds;
}

/**
 * Requests of a phase that are due in its first so many iterations, all where no number is given. k6 numbers
 * the iterations that it began: what it dropped is what the last ones would have sent.
 */
export function dueRequests(phase: LoadPhase, iterations: number = dueIterations(phase)): number {
  const counted = Math.max(0, iterations);
  if (phase.poisson === undefined) return counted;
  return requestsBeforeSlots(phase.poisson)[counted] ?? 0;
}
