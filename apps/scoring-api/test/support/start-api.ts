import type { Label } from "@tollgate/contracts";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { silentLogger, systemClock, type Clock } from "@tollgate/runtime";
import { createReadiness, createTelemetry, type ReadinessPart } from "@tollgate/telemetry";
import { createApi, type ApiOptions } from "../../src/create-api.ts";
import { createApiKey, type ApiKeyEntry } from "../../src/keys/api-key.ts";
import { listen, stopServing } from "../../src/serve-api.ts";
import { memoryScorer } from "./memory-scorer.ts";

export interface ApiSettings {
  readonly scopes?: ApiKeyEntry["scopes"];
  readonly ratePerSecond?: number;
  readonly burst?: number;
  readonly keys?: "off";
  readonly clock?: Clock;
  readonly scorer?: ApiOptions<CardPayment>["scorer"];
  readonly labelSink?: ApiOptions<CardPayment>["labelSink"];
  readonly decisionReader?: ApiOptions<CardPayment>["decisionReader"];
  readonly readinessParts?: readonly ReadinessPart[];
  readonly isDraining?: () => boolean;
  readonly requestsInFlight?: number;
  readonly openPages?: boolean;
}

export type RunningApi = Awaited<ReturnType<typeof startApi>>;

/** The real server on a free loopback port; `await using` closes it. */
export async function startApi(settings: ApiSettings = {}) {
  const { ratePerSecond = 100_000, burst = 100_000, isDraining = () => false } = settings;
  const scopes = settings.scopes ?? ["score", "labels", "decisions:read", "metrics:read"];
  const { key, entry } = createApiKey({ id: "test", scopes, ratePerSecond, burst });
  const memory = memoryScorer(engagement);
  const labels: Label[] = [];
  const telemetry = createTelemetry({ processMetrics: false });
  const logger = silentLogger();
  const server = createApi<CardPayment>({
    engagement,
    scorer: settings.scorer ?? memory.score,
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
  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
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
    postJson: (path: string, value: unknown, headers?: Record<string, string>) =>
      post(path, JSON.stringify(value), headers),
    get: (path: string, headers: Record<string, string> = { authorization: `Bearer ${key}` }) =>
      fetch(`${url}${path}`, { headers }),
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
export async function problemIn(response: Response): Promise<{
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryable: boolean;
  readonly faults?: readonly { readonly path: string; readonly message: string }[];
}> {
  const type = response.headers.get("content-type");
  if (type !== "application/problem+json") throw new Error(`content type ${type}`);
  const problem = await response.json();
  if (problem.status !== response.status) throw new Error(`status ${response.status}, says ${problem.status}`);
  if (problem.type !== `urn:tollgate:error:${problem.code}`) throw new Error(`type ${problem.type}`);
  return problem;
}
