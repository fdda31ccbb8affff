import type { ApplierObserver } from "./log-applier.ts";
import type { ScoringObserver } from "./scoring-plan.ts";

const nothing = (): void => {};
/** Tells nobody: for rehearsals and tests. */
export const silentObserver: ScoringObserver = {
  stage: nothing,
  scored: nothing,
  decided: nothing,
  degraded: nothing,
  featureStatus: nothing,
  featureAge: nothing,
  stateConflicts: nothing,
  claimsResumed: nothing,
  canceled: nothing,
  rejected: nothing,
};

/** The same for who applies the log. */
export const silentApplierObserver: ApplierObserver = {
  conflicts: nothing,
  freshness: nothing,
  repetitions: nothing,
  labelsApplied: nothing,
};
