import type { IncomingHttpHeaders } from "node:http";
import type { BaseTransaction } from "@tollgate/contracts";
import { deadlineIn } from "@tollgate/runtime";
import type { Predictor } from "@tollgate/scoring";
import { chosenModel } from "../../chosen-model.ts";
import { deadlineMsOf } from "../../deadline-of.ts";
import { ApiError } from "../../errors.ts";
import { decodeJson } from "../../http/decode-json.ts";
import type { StreamedAnswer } from "../../http/end-response.ts";
import { readLines, type Line } from "../../http/read-lines.ts";
import { apiLimits } from "../../limits.ts";
import type { Exchange, RequestStream } from "../../route.ts";
import { refused, scoreChunk, type BatchResult, type ScoreBatchRouteOptions } from "./score-chunk.ts";

const linesType = /^application\/x-ndjson\s*(?:;\s*charset="?utf-8"?\s*)?$/iu;

/** Whether the body is one transaction a line. */
export function isLines(headers: IncomingHttpHeaders): boolean {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = headers;
  return encoding === "identity" && linesType.test(type);
}

/** How many bodies of lines are open in this process. */
export interface OpenStreams {
  open: number;
}

/** One body of lines on its way. */
interface LinesCall {
  readonly exchange: Exchange;
  readonly stream: RequestStream;
  readonly deadlineMs: number;
  readonly predictor: Predictor | undefined;
}

/**
 * Lines in, lines out, each answered under its number as soon as those before it are. One group of lines is
 * scored at a time: the next one is read when the client has taken the answers of the last.
 * @throws ApiError `OVERLOADED` when as many bodies are open as may be
 */
export function linesAnswer<T extends BaseTransaction>(
  options: ScoreBatchRouteOptions<T>,
  streams: OpenStreams,
  exchange: Exchange,
): StreamedAnswer {
  const deadlineMs = deadlineMsOf(exchange, apiLimits.batchDeadlineMs);
  const predictor = chosenModel(exchange, options.models)?.predictor;
  if (streams.open >= apiLimits.streams) {
    const detail = `${apiLimits.streams} bodies of lines are open.`;
    throw new ApiError("OVERLOADED", { detail });
  }
  const parts = async function* (): AsyncGenerator<string, void, undefined> {
    streams.open += 1;
    const stream = exchange.openStream();
    try {
      yield* answerLines(options, { exchange, stream, deadlineMs, predictor });
    } finally {
      stream.close();
      streams.open -= 1;
    }
  };
  return { status: 200, contentType: "application/x-ndjson", parts: parts() };
}

async function* answerLines<T extends BaseTransaction>(
  options: ScoreBatchRouteOptions<T>,
  call: LinesCall,
): AsyncGenerator<string, void, undefined> {
  const { streamLineBytes: lineBytes, streamLines } = apiLimits;
  const { stream } = call;
  const limits = { lineBytes, lines: Math.min(streamLines, stream.itemsAtOnce) };
  for await (const lines of readLines(stream.chunks, limits)) {
    const [first] = lines;
    if (first !== undefined && stream.isEnding()) {
      yield lineOf(first, refused(options, new ApiError("STREAM_ENDED")));
      return;
    }
    yield await answerGroup(options, call, lines);
  }
}

async function answerGroup<T extends BaseTransaction>(
  options: ScoreBatchRouteOptions<T>,
  call: LinesCall,
  lines: readonly Line[],
): Promise<string> {
  const { exchange, stream, predictor } = call;
  const nowMs = options.clock.nowMs();
  const results: BatchResult[] = [];
  const positions: number[] = [];
  const transactions: T[] = [];
  const refuse = (positionsOfAll: readonly number[], error: unknown): void => {
    for (const position of positionsOfAll) results[position] = refused(options, error);
  };
  const all = [...lines.keys()];
  try {
    await stream.chargeInTurn(lines.length);
  } catch (error) {
    refuse(all, error);
    return textOf(lines, results);
  }
  for (const [position, line] of lines.entries()) {
    try {
      transactions.push(transactionOf(options, line, nowMs));
      positions.push(position);
    } catch (error) {
      refuse([position], error);
    }
  }
  if (transactions.length === 0) return textOf(lines, results);
  // Counted from here: a line waits for those before it, not for what the client has yet to send.
  const deadline = deadlineIn(options.clock, call.deadlineMs);
  // Not traced step by step: a body may have a million lines, a trace has room for a few hundred.
  const scoring = { exchange, deadline, predictor, trace: undefined };
  try {
    const scored = await stream.occupy(() => scoreChunk(options, transactions, scoring));
    for (const [index, position] of positions.entries()) results[position] = scored[index] ?? "";
  } catch (error) {
    if (exchange.isGone()) throw error;
    refuse(positions, error);
  }
  return textOf(lines, results);
}

/** @throws ApiError `LINE_TOO_LONG`, `NOT_UTF8`, `INVALID_JSON`, `INVALID_TRANSACTION` */
function transactionOf<T extends BaseTransaction>(
  { schema }: ScoreBatchRouteOptions<T>,
  { bytes }: Line,
  nowMs: number,
): T {
  if (bytes === undefined) {
    throw new ApiError("LINE_TOO_LONG", { detail: `The limit is ${apiLimits.streamLineBytes} bytes.` });
  }
  const parsed = schema.parse(decodeJson(bytes), nowMs);
  if (!parsed.ok) throw new ApiError("INVALID_TRANSACTION", { faults: parsed.faults });
  return parsed.value;
}

function textOf(lines: readonly Line[], results: readonly BatchResult[]): string {
  return lines.map((line, position) => lineOf(line, results[position] ?? "")).join("");
}

function lineOf({ number }: Line, result: BatchResult): string {
  return `{"line":${number},${result}}\n`;
}
