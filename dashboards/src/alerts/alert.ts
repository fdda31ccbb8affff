import type { Engagement } from "@tollgate/engagement";
import type { BaseTransaction } from "@tollgate/contracts";

/** `page`: somebody is woken. `ticket`: somebody looks in working hours. */
export type Severity = "page" | "ticket";

/** The identity of a dashboard, the last part of its address in Grafana. */
export type DashboardUid =
  | "tollgate-overview"
  | "tollgate-scoring"
  | "tollgate-features"
  | "tollgate-stream"
  | "tollgate-fraud-and-money"
  | "tollgate-models"
  | "tollgate-drift"
  | "tollgate-infrastructure";

export interface Alert {
  /** CapitalWords; its runbook is the same in-kebab-case. */
  readonly name: string;
  readonly severity: Severity;
  readonly expression: string;
  /** How long the expression must hold: "5m". */
  readonly holdsFor: string;
  /** One line with the value: Prometheus' template language. */
  readonly summary: string;
  /** What it means to the business, in one or two sentences. */
  readonly impact: string;
  readonly dashboard: DashboardUid;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What an engagement promises and can bear: all that the rules and panels read of it. */
export type Promises = Pick<Engagement<BaseTransaction>, "name" | "service" | "policy">;

/** "ScoringLatencyBurnFast" → "scoring-latency-burn-fast". */
export function runbookOf(alertName: string): string {
  return alertName.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, "-").toLowerCase();
}
