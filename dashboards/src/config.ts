import { configReader, type Environment } from "@tollgate/runtime";
import { localAddresses, type Addresses } from "./settings.ts";

/** Addresses of a deployment; what is not set is that of the local stack. */
export function loadConfig(environment: Environment): Addresses {
  const read = configReader(environment);
  const config = {
    grafanaUrl: read.string("TOLLGATE_GRAFANA_URL", localAddresses.grafanaUrl),
    runbooksUrl: read.string("TOLLGATE_RUNBOOKS_URL", localAddresses.runbooksUrl),
    prometheusUrl: read.string("TOLLGATE_PROMETHEUS_URL", localAddresses.prometheusUrl),
    pageWebhookUrl: read.string("TOLLGATE_PAGE_WEBHOOK_URL", localAddresses.pageWebhookUrl),
    ticketWebhookUrl: read.string("TOLLGATE_TICKET_WEBHOOK_URL", localAddresses.ticketWebhookUrl),
  };
  read.finish();
  return config;
}

/** The one place that looks at the process's environment. */
export function processEnvironment(): Environment {
  return process.env;
}
