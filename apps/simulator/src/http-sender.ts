import type { Outcome } from "@tollgate/contracts";
import type { Clock } from "@tollgate/runtime";
import { createHttpClient, type HttpAnswer, type HttpClient } from "./http-client.ts";
import { simulatorLimits } from "./limits.ts";
import { createInFlight, type Sender } from "./sender.ts";
import type { StreamEvent, StreamLabel } from "./stream-event.ts";
import type { Tally } from "./tally.ts";

export interface HttpSenderOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly tally: Tally;
  /** Latencies count in the run's summary from this monotonic time on. */
  readonly measureFromMicros: number;
}

/** One transaction a request; what is refused for now is sent again under the same id. */
export function createHttpSender(options: HttpSenderOptions): Sender {
  const { tally } = options;
  const client = createHttpClient(options);
  const inFlight = createInFlight();
  const stopping = new AbortController();
  const post = (path: string, body: string): Promise<HttpAnswer> =>
    postUntilAnswered(path, body, { client, stopping: stopping.signal, ...options });
  const score = async (event: StreamEvent): Promise<void> => {
    const answer = await post("/v1/score", event.body);
    if (answer.status === 200) countDecision(tally, event, answer);
    else tally.failedHttp += 1;
    inFlight.leave(1);
  };
  const label = async (labels: readonly StreamLabel[]): Promise<void> => {
    const body = JSON.stringify(labels.map((one) => one.label));
    const answer = await post("/v1/labels", body);
    if (answer.status >= 200 && answer.status < 300) tally.labelsSent += labels.length;
    else tally.labelsFailed += labels.length;
    inFlight.leave(1);
  };
  return {
    send(events) {
      for (const event of events) {
        if (inFlight.count >= simulatorLimits.httpInFlight) {
          tally.droppedHttp += 1;
          tally.lastFailure = `${inFlight.count} requests are unanswered: the rate is too high for the API`;
          continue;
        }
        inFlight.enter(1);
        void score(event);
      }
    },
    sendLabels(due) {
      for (let from = 0; from < due.length; from += simulatorLimits.labelsPerRequest) {
        inFlight.enter(1);
        void label(due.slice(from, from + simulatorLimits.labelsPerRequest));
      }
    },
    room: () => inFlight.atMost(simulatorLimits.httpConnections),
    idle: () => inFlight.atMost(0),
    // What is still unanswered fails and is counted so.
    async stop() {
      stopping.abort();
      client.close();
      await inFlight.atMost(0);
    },
  };
}

interface PostOptions extends HttpSenderOptions {
  readonly client: HttpClient;
  /** Then nothing is tried again. */
  readonly stopping: AbortSignal;
}

/** Sends until there is an answer that stands; the last answer when the attempts are used up. */
async function postUntilAnswered(
  path: string,
  body: string,
  { client, stopping, clock, tally, measureFromMicros }: PostOptions,
): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const startMicros = clock.monotonicMicros();
    const answer = await client.post(path, body);
    if (answer.status === 200 && path === "/v1/score") {
      const tookMs = (clock.monotonicMicros() - startMicros) / 1000;
      if (startMicros >= measureFromMicros) tally.httpMs.add(tookMs);
      tally.recentHttpMs.add(tookMs);
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    tally.lastFailure = `${path}: ${answer.status === 0 ? answer.body : `${answer.status} ${answer.body}`}`;
    const isLast = attempt >= simulatorLimits.httpAttempts || stopping.aborted;
    if (isLast || !isRetryable(answer)) return answer;
    tally.retriedHttp += 1;
    const doubled = simulatorLimits.retryPauseFirstMs * 2 ** (attempt - 1);
    const pauseMs = Math.max(doubled, (answer.retryAfterSeconds ?? 0) * 1000);
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, simulatorLimits.retryPauseMaxMs)));
  }
}

/** No connection, too many requests, not there for now, or whatever the problem itself calls retryable. */
function isRetryable({ status, body }: HttpAnswer): boolean {
  return [0, 408, 429, 503].includes(status) || body.includes('"retryable":true');
}

function countDecision(tally: Tally, event: StreamEvent, answer: HttpAnswer): void {
  tally.acceptedHttp += 1;
  const outcome = decisionOf(answer.body);
  if (outcome === undefined) return;
  tally.decisions[outcome] += 1;
  if (event.fraud === true) tally.fraudDecisions[outcome] += 1;
}

/** Found by its text: parsing a kilobyte of JSON for one word would cost more than the request. */
function decisionOf(body: string): Outcome | undefined {
  return /"decision":"(approve|review|decline)"/u.exec(body)?.[1] as Outcome | undefined;
}
