import type { Server } from "node:http";
import type { DecisionAnswer, Label, Problem } from "@tollgate/contracts";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { silentLogger, systemClock, type Clock } from "@tollgate/runtime";
import { createReadiness, createTelemetry, type ReadinessPart, type Telemetry } from "@tollgate/telemetry";
import { createApi, type ApiOptions } from "../../src/create-api.ts";
import { createApiKey, type ApiKeyEntry } from "../../src/keys/api-key.ts";
import type { Scorer } from "../../src/ports.ts";
import { listen, stopServing } from "../../src/serve-api.ts";
import { memoryScorer } from "./memory-scorer.ts";
import { summingSlot } from "./summing-slot.ts";

export interface ApiSettings {
  readonly scopes?: ApiKeyEntry["scopes"];
  readonly ratePerSecond?: number;
  readonly burst?: number;
  readonly keys?: "off";
  readonly clock?: Clock;
  readonly scorer?: ApiOptions<CardPayment>["scorer"];
  readonly model?: ApiOptions<CardPayment>["model"];
  readonly labelSink?: ApiOptions<CardPayment>["labelSink"];
  readonly decisionReader?: ApiOptions<CardPayment>["decisionReader"];
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
  readonly decisions: ReadonlyMap<string, DecisionAnswer>;
  readonly score: Scorer<CardPayment>;
  post(path: string, body: string | Uint8Array<ArrayBuffer>, headers?: Headers): Promise<Response>;
  postJson(path: string, value: unknown, headers?: Headers): Promise<Response>;
  get(path: string, headers?: Headers): Promise<Response>;
}

/** The real server on a free loopback port; `await using` closes it. */
export async function startApi(settings: ApiSettings = {}): Promise<RunningApi> {
  const { ratePerSecond = 100_000, burst = 100_000, isDraining = () => false } = settings;
  const scopes = settings.scopes ?? ["score", "labels", "decisions:read", "metrics:read", "infer"];
  const { key, entry } = createApiKey({ id: "test", scopes, ratePerSecond, burst });
  const memory = memoryScorer(engagement);
  const labels: Label[] = [];
  const telemetry = createTelemetry({ processMetrics: false });
  const logger = silentLogger();
  const server = createApi<CardPayment>({
    engagement,
    scorer: settings.scorer ?? memory.score,
    model: settings.model ?? summingSlot(),
    decisionReader: settings.decisionReader ?? {
      findDecision: async (transactionId) => memory.decisions.get(transactionId) ?? null,
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
    decisions: memory.decisions,
    score: memory.score,
    post,
    postJson: (path, value, headers) => post(path, JSON.stringify(value), headers),
    get: (path, headers = { authorization: `Bearer ${key}` }) => fetch(`${url}${path}`, { headers }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await stopServing(server, 0);
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
