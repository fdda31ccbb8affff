import { callApi, pauseFor, type CallOptions, type ClientOptions } from "./call-api.ts";
import { TollgateUnreachable } from "./errors.ts";
import type { Transaction } from "./generated/api-types.ts";
import { operations, type OperationName, type Operations } from "./generated/operations.ts";
import { clientLimits } from "./limits.ts";
import { scoreLines, type LineAnswer } from "./score-lines.ts";

type Answers<Name extends OperationName> = Operations[Name]["answers"];
type Decision = Answers<"score">[200];

/** A decision, and whether it is the first one on this id, again. */
export interface Scored {
  readonly decision: Decision;
  readonly repeated: boolean;
}

export interface SubmitOptions extends Omit<CallOptions, "deadlineMs"> {
  /** Told of the outcome; its origin must be one that the operator has allowed. */
  readonly webhook?: string;
}

export interface WaitOptions extends Pick<CallOptions, "signal" | "requestId"> {
  readonly withinMs?: number;
}

/**
 * The HTTP interface, typed by its own description. Every call may be repeated: a transaction id is decided
 * once, a label id counts once.
 * @throws TollgateError when the API refuses, TollgateUnreachable when nobody answers
 */
export interface TollgateClient<T = Transaction> {
  score(transaction: T, options?: CallOptions): Promise<Scored>;
  /** At most 1,000; one result for each, in order. */
  scoreBatch(
    transactions: readonly T[],
    options?: CallOptions,
  ): Promise<Answers<"scoreBatch">[200]["results"]>;
  /** Any number, answered while they are sent. Throws LinesEnded when the answers end too early. */
  scoreLines(
    transactions: AsyncIterable<T> | Iterable<T>,
    options?: CallOptions,
  ): AsyncGenerator<LineAnswer, void, undefined>;
  /** Hands a transaction in: it is recorded and will be decided. */
  scoreLater(transaction: T, options?: SubmitOptions): Promise<Answers<"scoreAsync">[202]>;
  /** Undefined while it was handed in and is not decided yet. */
  findDecision(transactionId: string, options?: CallOptions): Promise<Decision | undefined>;
  /** Asks until one that was handed in is decided. */
  waitForDecision(transactionId: string, options?: WaitOptions): Promise<Decision>;
  /** All are recorded, or none. */
  addLabels(labels: Operations["addLabels"]["body"], options?: CallOptions): Promise<number>;
  /** The loaded versions that the key may score with, the one that serves everybody first. */
  models(options?: CallOptions): Promise<Answers<"listModels">[200]["models"]>;
  /** What a model takes and gives. Needs the scope `infer`. */
  model(name: string, options?: CallOptions): Promise<Answers<"modelMetadata">[200]>;
}

/** @typeParam T the engagement's transaction; by itself the default engagement's */
export function createClient<T = Transaction>(options: ClientOptions): TollgateClient<T> {
  const call = async (
    name: OperationName,
    request: CallOptions & {
      readonly body?: unknown;
      readonly parameter?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Response> => {
    const { method, path } = operations[name];
    const place = path.replace(/\{\w+\}/u, encodeURIComponent(request.parameter ?? ""));
    return callApi(options, { ...request, method, path: place });
  };
  const findDecision: TollgateClient<T>["findDecision"] = async (transactionId, about) => {
    const response = await call("findDecision", { ...about, parameter: transactionId });
    if (response.status !== 202) return jsonOf(response);
    await response.body?.cancel();
    return undefined;
  };
  return {
    async score(transaction, about) {
      const response = await call("score", { ...about, body: transaction });
      const repeated = response.headers.get("tollgate-repeated") === "true";
      return { decision: await jsonOf(response), repeated };
    },
    async scoreBatch(transactions, about) {
      const response = await call("scoreBatch", { ...about, body: transactions });
      const { results } = await jsonOf<Answers<"scoreBatch">[200]>(response);
      return results;
    },
    scoreLines: (transactions, about) => scoreLines(options, transactions, about),
    async scoreLater(transaction, { webhook, ...about } = {}) {
      const headers: Readonly<Record<string, string>> =
        webhook === undefined ? {} : { "tollgate-webhook": webhook };
      return jsonOf(await call("scoreAsync", { ...about, headers, body: transaction }));
    },
    findDecision,
    waitForDecision: (transactionId, about) =>
      waitForDecision(options, findDecision, { transactionId, ...about }),
    async addLabels(labels, about) {
      const { accepted } = await jsonOf<Answers<"addLabels">[202]>(
        await call("addLabels", { ...about, body: labels }),
      );
      return accepted;
    },
    async models(about) {
      const { models } = await jsonOf<Answers<"listModels">[200]>(await call("listModels", about));
      return models;
    },
    model: async (name, about) => jsonOf(await call("modelMetadata", { ...about, parameter: name })),
  };
}

/** @throws TollgateUnreachable when the answer breaks off. */
async function jsonOf<R>(response: Response): Promise<R> {
  try {
    return (await response.json()) as R;
  } catch (error) {
    throw new TollgateUnreachable("the answer broke off, or is no JSON", error);
  }
}

async function waitForDecision(
  { pause = pauseFor }: ClientOptions,
  find: TollgateClient["findDecision"],
  {
    transactionId,
    withinMs = clientLimits.decisionWaitMs,
    ...about
  }: WaitOptions & { transactionId: string },
): Promise<Decision> {
  let waitedMs = 0;
  let pauseMs: number = clientLimits.retryPauseFirstMs;
  for (;;) {
    const decision = await find(transactionId, about);
    if (decision !== undefined) return decision;
    if (waitedMs >= withinMs) {
      throw new TollgateUnreachable(`${transactionId} was not decided within ${withinMs} ms`, undefined);
    }
    await pause(Math.min(pauseMs, withinMs - waitedMs), about.signal);
    waitedMs += pauseMs;
    // A look-up costs the API a request: the longer it takes, the less often it is asked.
    pauseMs = Math.min(pauseMs * 2, clientLimits.pollPauseMaxMs);
  }
}
