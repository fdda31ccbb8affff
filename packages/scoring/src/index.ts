export { scoreOutcomes, scoreTransactions } from "./score-transactions.ts";
export { gatherScores } from "./gather-scores.ts";
export type { ScoreGatherer } from "./gather-scores.ts";
export { scoringErrors, ScoringError } from "./errors.ts";
export type { ScoringErrorCode } from "./errors.ts";
export { scoringLimits } from "./limits.ts";
export type { Outcome, Scored, ScoreRequest } from "./score-request.ts";
export type {
  DecisionSink,
  Prediction,
  Predictor,
  ScoringObserver,
  ScoringPlan,
  ServedVersion,
} from "./scoring-plan.ts";
export { createDecisionApplier } from "./apply-decision-log.ts";
export type { DecisionApplier, LoggedDecisions } from "./apply-decision-log.ts";
export { createLabelApplier } from "./apply-labelled-transactions.ts";
export type { LabelApplier, LoggedLabels } from "./apply-labelled-transactions.ts";
export type { ApplierObserver, LogApplier } from "./log-applier.ts";
export {
  applyDecision,
  applyLabelled,
  decisionEvent,
  labelEvent,
  labelledAddresses,
  labelledProgressSlot,
  streamedAddresses,
} from "./log-events.ts";
export type { DecisionEvent, LabelEvent, LoggedDecision } from "./log-events.ts";
export { meteredApplier } from "./metered-scoring.ts";
export { silentApplierObserver, silentObserver } from "./silent-observer.ts";
export { countedIn } from "./counted-in.ts";
export { createRepetitionWindow, repetitionWindowStart } from "./repetition-window.ts";
export type { RepetitionWindow } from "./repetition-window.ts";
export { createBuiltStates } from "./built-states.ts";
export type { BuiltStates, BuiltStatesOptions } from "./built-states.ts";
export { createLogIndex } from "./log-index.ts";
export type { LogIndex } from "./log-index.ts";
export { createModelVersions } from "./model-versions.ts";
export type { ChosenVersion, ModelVersions, ModelVersionsOptions } from "./model-versions.ts";
export type { PipelineModel, ServingModel } from "./serving-model.ts";
export { openScoring } from "./open-scoring.ts";
export type { OpenScoring, OpenScoringContext } from "./open-scoring.ts";
export { readScoringConfig } from "./scoring-config.ts";
export type { ScoringConfig } from "./scoring-config.ts";
export { loadEngagement } from "./load-engagement.ts";
export type { LoadedEngagement } from "./load-engagement.ts";
