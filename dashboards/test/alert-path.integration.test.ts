import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { topicNames } from "@tollgate/contracts";
import { engagement } from "@tollgate/engagement-card-payments";
import { connectKafka, ensureTopics } from "@tollgate/event-log";
import { choosePort, monitoringTool } from "@tollgate/local-stack";
import { silentLogger } from "@tollgate/runtime";
import { serviceTest as test, spawnApp, until } from "@tollgate/testkit";
import { expect, onTestFinished } from "vitest";
import { alertmanagerConfiguration } from "../src/alerts/alertmanager-configuration.ts";
import { ruleFile } from "../src/alerts/rule-file.ts";
import { processEnvironment } from "../src/config.ts";
import { yamlText } from "../src/files/yaml-text.ts";
import { repositoryFolder } from "../src/generated-files.ts";
import { scrapeJob } from "../src/metrics/process-metrics.ts";
import { localAddresses } from "../src/settings.ts";
import { startProgram } from "./support/start-program.ts";
import { startWebhookReceiver } from "./support/webhook-receiver.ts";

test("a record that the ledger cannot archive wakes somebody, with its runbook and value", async ({
  kafka,
  kafkaBrokers,
  postgresUrl,
  prefix,
}) => {
  const topics = topicNames(prefix);
  const logger = silentLogger();
  const admin = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
  await ensureTopics(admin, topics, { partitions: 1, replicationFactor: 1 });
  const ledgerPort = await startLedger({ kafkaBrokers, postgresUrl, prefix });
  const receiver = await startWebhookReceiver();
  onTestFinished(() => receiver.stop());
  const alertmanagerPort = await startAlertmanager(receiver.url);
  await startPrometheus({ ledgerPort, alertmanagerPort });

  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: topics.decisions, messages: [{ key: "k", value: "this is no decision" }] });
  await producer.disconnect();

  const message = await until(() => receiver.messages[0], {
    describe: "a message to the webhook",
    deadlineMs: 60_000,
  });
  expect(message).toMatchObject({ path: "/page", status: "firing", receiver: "pager" });
  const [alert] = message.alerts;
  expect(alert?.labels).toMatchObject({
    alertname: "LedgerRecordsUnreadable",
    severity: "page",
    engagement: engagement.name,
    instance: `127.0.0.1:${ledgerPort}`,
  });
  expect(alert?.annotations).toMatchObject({
    summary: "1 records of the decision log could not be archived",
    runbook_url: "docs/runbooks/ledger-records-unreadable.md",
    dashboard: `${localAddresses.grafanaUrl}/d/tollgate-stream`,
  });
});

async function startLedger(services: {
  readonly kafkaBrokers: readonly string[];
  readonly postgresUrl: string;
  readonly prefix: string;
}): Promise<number> {
  const { port } = await choosePort({ taken });
  const ledger = await spawnApp({
    entry: join(repositoryFolder, "apps", "ledger", "src", "main.ts"),
    environment: {
      TOLLGATE_KAFKA_BROKERS: services.kafkaBrokers.join(","),
      TOLLGATE_POSTGRES_URL: services.postgresUrl,
      TOLLGATE_TOPIC_PREFIX: services.prefix,
      TOLLGATE_GROUP_PREFIX: services.prefix,
      TOLLGATE_LEDGER_HTTP_PORT: String(port),
    },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  });
  onTestFinished(async () => {
    await ledger.stop();
  });
  return port;
}

const taken = new Set<number>();
const searchPath = processEnvironment()["PATH"] ?? "";

async function startAlertmanager(webhookUrl: string): Promise<number> {
  const folder = ownFolder();
  const { port } = await choosePort({ taken });
  const config = join(folder, "alertmanager.yml");
  const urls = { pageWebhookUrl: `${webhookUrl}/page`, ticketWebhookUrl: `${webhookUrl}/ticket` };
  writeFileSync(config, alertmanagerConfiguration({ ...urls, pageGroupWait: "1s" }));
  const program = await startProgram(await monitoringTool("prometheus-alertmanager", searchPath), {
    arguments: [
      `--config.file=${config}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    readyUrl: `http://127.0.0.1:${port}/-/ready`,
  });
  onTestFinished(() => program.stop());
  return port;
}

/** Scrapes and evaluates every second. */
async function startPrometheus(others: {
  readonly ledgerPort: number;
  readonly alertmanagerPort: number;
}): Promise<void> {
  const folder = ownFolder();
  const { port } = await choosePort({ taken });
  const local = (number: number): readonly Readonly<Record<string, readonly string[]>>[] => [
    { targets: [`127.0.0.1:${number}`] },
  ];
  const rules = join(folder, "tollgate.rules.yml");
  writeFileSync(rules, ruleFile({ promises: engagement, ...localAddresses, interval: "1s" }));
  const config = join(folder, "prometheus.yml");
  const text = yamlText({
    global: { scrape_interval: "1s" },
    rule_files: [rules],
    scrape_configs: [{ job_name: scrapeJob, static_configs: local(others.ledgerPort) }],
    alerting: { alertmanagers: [{ static_configs: local(others.alertmanagerPort) }] },
  });
  writeFileSync(config, text);
  const program = await startProgram(await monitoringTool("prometheus", searchPath), {
    arguments: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    readyUrl: `http://127.0.0.1:${port}/-/ready`,
  });
  onTestFinished(() => program.stop());
}

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-alerts-"));
  mkdirSync(join(folder, "data"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
