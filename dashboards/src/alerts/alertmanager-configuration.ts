import { yamlText, type YamlValue } from "../files/yaml-text.ts";

export interface AlertmanagerOptions {
  /** Told of every page, and again every hour while it lasts. */
  readonly pageWebhookUrl: string;
  /** Told of every ticket, and again twice a day. */
  readonly ticketWebhookUrl: string;
  /** How long a group waits for company before its first message, for a page. */
  readonly pageGroupWait?: string;
}

/** Which alert is not told while another, its cause, is: [cause, symptom, labels that must be equal]. */
const inhibitions: readonly (readonly [
  cause: string,
  symptoms: readonly string[],
  equal: readonly string[],
])[] = [
  ["ScoringLatencyBurnFast", ["ScoringLatencyBurnSlow"], ["engagement"]],
  ["ScoringAvailabilityBurnFast", ["ScoringAvailabilityBurnSlow"], ["engagement"]],
  ["NothingMonitored", ["NoTraffic"], ["engagement"]],
  ["ProcessDown", ["ProcessRestarting", "EventLoopBlocked"], ["instance"]],
  ["ConsumerLagHigh", ["ConsumerLagGrowing"], ["topic", "instance"]],
  ["ConsumerLagHigh", ["FeatureStatesStale"], ["engagement"]],
  ["OutboxFilling", ["OutboxNotEmpty"], ["instance"]],
  ["DeclineShareHigh", ["AlertBudgetExceeded", "DecisionMixShifted"], ["engagement"]],
  ["FeatureStatesMissing", ["DecisionMixShifted"], ["engagement"]],
];

/** Names of all alerts that the inhibition rules speak of, for the test that they exist. */
export const inhibitedAlerts: readonly string[] = inhibitions.flatMap(([cause, symptoms]) => [
  cause,
  ...symptoms,
]);

/** The whole configuration of Alertmanager: two receivers, one message for each alert and engagement. */
export function alertmanagerConfiguration(options: AlertmanagerOptions): string {
  const configuration: YamlValue = {
    route: {
      receiver: "tickets",
      group_by: ["alertname", "engagement"],
      group_wait: "1m",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: [
        {
          receiver: "pager",
          matchers: ['severity="page"'],
          group_wait: options.pageGroupWait ?? "10s",
          group_interval: "1m",
          repeat_interval: "1h",
        },
      ],
    },
    inhibit_rules: inhibitions.map(([cause, symptoms, equal]) => ({
      source_matchers: [`alertname="${cause}"`],
      target_matchers: [`alertname=~"${symptoms.join("|")}"`],
      equal,
    })),
    receivers: [
      { name: "pager", webhook_configs: [{ url: options.pageWebhookUrl, send_resolved: true }] },
      { name: "tickets", webhook_configs: [{ url: options.ticketWebhookUrl, send_resolved: true }] },
    ],
  };
  return yamlText(configuration);
}
