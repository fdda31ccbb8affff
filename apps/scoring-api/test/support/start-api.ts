import type { Server } from "node:http";
import type { DecisionAnswer, Label, Problem } from "@tollgate/contracts";
import { compileEngagement } from "@tollgate/engagement";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import type { ModelSlot } from "@tollgate/inference";
import type { PipelineModel } from "@tollgate/scoring";
import { parseWebhookTargets, silentLogger, systemClock, type Clock } from "@tollgate/runtime";
import { createReadiness, createTelemetry, type ReadinessPart, type Telemetry } from "@tollgate/telemetry";
import { createApi, type ApiOptions } from "../../src/create-api.ts";
import { createApiKey, scopes as allScopes, type ApiKeyEntry } from "../../src/keys/api-key.ts";
import type { Scorer, SubmittedTransaction } from "../../src/ports.ts";
import { listen, stopServing } from "../../src/serve-api.ts";
import { memoryScorer } from "./memory-scorer.ts";
import { summingSlot, summingVersions } from "./summing-slot.ts";

const compiled = compileEngagement(engagement);

export interface ApiSettings {
  /** Of the description; those of the engagement unless told. */
  readonly features?: ApiOptions<CardPayment>["features"];
  readonly scopes?: ApiKeyEntry["scopes"];
  readonly ratePerSecond?: number;
  readonly burst?: number;
  readonly keys?: "off";
  readonly clock?: Clock;
  readonly scorer?: ApiOptions<CardPayment>["scorer"];
  readonly model?: ModelSlot<PipelineModel>;
  /** References of versions that are loaded beside the served one. */
  readonly beside?: readonly string[];
  readonly labelSink?: ApiOptions<CardPayment>["labelSink"];
  readonly decisionReader?: ApiOptions<CardPayment>["decisionReader"];
  readonly submissionSink?: ApiOptions<CardPayment>["submissionSink"];
  readonly submissions?: ApiOptions<CardPayment>["submissions"];
  /** Origins, separated by commas. */
  readonly webhookTargets?: string;
  readonly readinessParts?: readonly ReadinessPart[];
  readonly isDraining?: () => boolean;
  readonly requestsInFlight?: number;
  readonly openPages?: boolean;
}

type Headers = Readonly<Record<string, string>>;

export interface RunningApi extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** A key with the scopes asked for. */
  readonly key: string;
  readonly server: Server;
  readonly telemetry: Telemetry;
  /** What reached the label sink. */
  readonly labels: readonly Label[];
  /** What reached the topic of transactions. */
  readonly submitted: readonly SubmittedTransaction<CardPayment>[];
  readonly decisions: ReadonlyMap<string, DecisionAnswer>;
  readonly score: Scorer<CardPayment>;
  post(path: string, body: string | Uint8Array<ArrayBuffer>, headers?: Headers): Promise<Response>;
  postJson(path: string, value: unknown, headers?: Headers): Promise<Response>;
  get(path: string, headers?: Headers): Promise<Response>;
}

/** The real server on a free loopback port; `await using` closes it. */
export async function startApi(settings: ApiSettings = {}): Promise<RunningApi> {
  const { ratePerSecond = 100_000, burst = 100_000, isDraining = () => false } = settings;
  const scopes = settings.scopes ?? allScopes;
  const { key, entry } = createApiKey({ id: "test", scopes, ratePerSecond, burst });
  const memory = memoryScorer(engagement);
  const labels: Label[] = [];
  const submitted: SubmittedTransaction<CardPayment>[] = [];
  const telemetry = createTelemetry({ processMetrics: false });
  const logger = silentLogger();
  const server = createApi<CardPayment>({
    engagement,
    features: settings.features ?? compiled.featureSet.features,
    scorer: settings.scorer ?? memory.score,
    models: await summingVersions(settings.model ?? summingSlot(), settings.beside ?? []),
    decisionReader: settings.decisionReader ?? {
      findDecision: async (transactionId) => memory.decisions.get(transactionId) ?? null,
    },
    submissionSink: settings.submissionSink ?? { submit: async (one) => void submitted.push(one) },
    submissions: settings.submissions ?? {
      find: async (id) => {
        return submitted.some(({ transaction }) => transaction.id === id) ? { state: "pending" } : null;
      },
    },
    labelSink: settings.labelSink ?? { append: async (more) => void labels.push(...more) },
    keys: settings.keys ?? [entry],
    readiness: createReadiness({ parts: settings.readinessParts ?? [], isDraining, logger }),
    isDraining,
    clock: settings.clock ?? systemClock(),
    telemetry,
    logger,
    config: {
      deadlineMs: 100,
      requestsInFlight: settings.requestsInFlight ?? 1_000,
      openPages: settings.openPages ?? true,
      webhookTargets: parseWebhookTargets(settings.webhookTargets ?? "").targets,
    },
  });
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${port}`;
  const post: RunningApi["post"] = (path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      body,
    });
  return {
    url,
    port,
    key,
    server,
    telemetry,
    labels,
    submitted,
    decisions: memory.decisions,
    score: memory.score,
    post,
    postJson: (path, value, headers) => post(path, JSON.stringify(value), headers),
    get: (path, headers = { authorization: `Bearer ${key}` }) => fetch(`${url}${path}`, { headers }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await stopServing(server);
    },
  };
}

/** A valid payment; unknown names and wrong values are what tests are made of. */
export function payment(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...engagement.transaction.example(Date.now()), ...changes };
}

/** The problem in an answer, checked to be one. */
export async function problemIn(response: Response): Promise<Problem> {
  const type = response.headers.get("content-type");
  if (type !== "application/problem+json") throw new Error(`content type ${type}`);
  const problem = (await response.json()) as Problem;
  if (problem.status !== response.status)
    throw new Error(`status ${response.status}, says ${problem.status}`);
  if (problem.type !== `urn:tollgate:error:${problem.code}`) throw new Error(`type ${problem.type}`);
  return problem;
}
