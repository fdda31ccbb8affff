/** Addresses that stand in the generated files. */
export interface Addresses {
  /** Where Grafana answers; dashboards are opened from alerts. */
  readonly grafanaUrl: string;
  /** Where this repository's folder of runbooks is read, by people with a browser. */
  readonly runbooksUrl: string;
  readonly prometheusUrl: string;
  readonly pageWebhookUrl: string;
  readonly ticketWebhookUrl: string;
}

/** Those of the local stack: what the committed files hold. */
export const localAddresses: Addresses = {
  grafanaUrl: "http://127.0.0.1:3000",
  runbooksUrl: "docs/runbooks",
  prometheusUrl: "http://127.0.0.1:9090",
  pageWebhookUrl: "http://127.0.0.1:9099/page",
  ticketWebhookUrl: "http://127.0.0.1:9099/ticket",
};
