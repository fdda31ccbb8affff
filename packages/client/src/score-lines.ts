import { errorOf, headersOf, messageOf, urlOf, type CallOptions, type ClientOptions } from "./call-api.ts";
import { LinesEnded, TollgateUnreachable } from "./errors.ts";
import type { LineResult } from "./generated/api-types.ts";
import { operations } from "./generated/operations.ts";
import { clientLimits } from "./limits.ts";

/** What became of one transaction; `line` counts from 1 in the order sent. */
export type LineAnswer = LineResult;

/**
 * Sends transactions as they are given, one a line, and gives their answers as they come. Neither side runs
 * ahead of the other: the next transaction is asked for when the connection has room, and the API stops
 * scoring while nobody takes its answers. Leaving the loop early ends the request.
 * @throws TollgateError before the first answer, LinesEnded when not every line was answered, or whatever
 * the given transactions throw
 */
export async function* scoreLines<T>(
  options: ClientOptions,
  transactions: AsyncIterable<T> | Iterable<T>,
  call: CallOptions = {},
): AsyncGenerator<LineAnswer, void, undefined> {
  const ended = new AbortController();
  const signal = call.signal === undefined ? ended.signal : AbortSignal.any([call.signal, ended.signal]);
  const sent: Sent = { lines: 0, complete: false, failure: undefined };
  let answered = 0;
  try {
    const response = await open(options, { ...call, signal, body: bodyOf(transactions, sent) });
    for await (const answer of answersIn(response)) {
      answered += 1;
      if ("problem" in answer && answer.problem.code === "STREAM_ENDED") {
        throw new LinesEnded(answered - 1, answer.problem);
      }
      yield answer;
    }
    if (!sent.complete || answered < sent.lines) throw new LinesEnded(answered, undefined);
  } catch (error) {
    if (sent.failure !== undefined) throw sent.failure.error;
    call.signal?.throwIfAborted();
    // Anything else that breaks a body off says nothing of which lines were answered.
    throw error instanceof TypeError ? new LinesEnded(answered, error) : error;
  } finally {
    ended.abort();
  }
}

interface Sent {
  lines: number;
  complete: boolean;
  /** What the given transactions threw. */
  failure: { readonly error: unknown } | undefined;
}

type Body = ReadableStream<Uint8Array>;

function bodyOf<T>(transactions: AsyncIterable<T> | Iterable<T>, sent: Sent): Body {
  const encoder = new TextEncoder();
  const lines = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const transaction of transactions) {
        sent.lines += 1;
        yield encoder.encode(`${JSON.stringify(transaction)}\n`);
      }
      sent.complete = true;
    } catch (error) {
      sent.failure = { error };
      throw error;
    }
  };
  return ReadableStream.from(lines());
}

async function open(
  options: ClientOptions,
  { body, signal, ...call }: CallOptions & { readonly body: Body; readonly signal: AbortSignal },
): Promise<Response> {
  const { method, path } = operations.scoreBatch;
  const headers = { ...headersOf(options, call), "content-type": "application/x-ndjson" };
  let response: Response;
  try {
    const request = { method, headers, body, signal, duplex: "half" } as const;
    response = await fetch(urlOf(options, path), request);
  } catch (error) {
    throw new TollgateUnreachable(`no answer from ${path}: ${messageOf(error)}`, error);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function* answersIn({ body }: Response): AsyncGenerator<LineAnswer, void, undefined> {
  if (body === null) return;
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    rest += text;
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > clientLimits.answerLineCharacters) throw new TypeError("an answer line is too long");
    for (const line of lines) yield JSON.parse(line) as LineAnswer;
  }
}
