/**
 * A closed-loop HTTP client on bare sockets, in a process of its own: each connection sends the next request
 * when it has its answer. Requests are made before the rounds, of simulated transactions; only the ids are
 * written at sending. It costs less than an empty `node:http` server, so that the server is measured.
 */
import { createInterface } from "node:readline";
import { connect, type Socket } from "node:net";
import { engagement } from "@tollgate/engagement-card-payments";
import { quantile } from "@tollgate/runtime";
import type { LoadOrder, LoadResult } from "./load-protocol.ts";

const templateCount = 20_000;
/** Nine of the round, nine of the number. */
const idPlaceholder = "#########@@@@@@@@@";
const idDigits = 9;
const batchItemFailed = Buffer.from('"problem":');

const templates = transactionTexts();
for await (const line of createInterface({ input: process.stdin })) {
  const result = await runRound(JSON.parse(line) as LoadOrder);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Transactions of forty days ago on, so that none lies in the future. */
function transactionTexts(): readonly string[] {
  const startMs = Date.now() - 40 * 86_400_000;
  const texts: string[] = [];
  for (const { transaction } of engagement.simulate({ seed: 5, startMs, customers: 5_000, idPrefix: "x" })) {
    const wire = engagement.transaction.toWire({ ...transaction, id: idPlaceholder });
    texts.push(JSON.stringify(wire));
    if (texts.length === templateCount) break;
  }
  return texts;
}

interface Round {
  readonly order: LoadOrder;
  readonly requests: readonly PreparedRequest[];
  readonly latenciesMs: number[];
  sent: number;
  transactions: number;
  failed: number;
  endMs: number;
}

interface PreparedRequest {
  readonly bytes: Buffer;
  /** Where the numbers of its ids are written. */
  readonly numbersAt: readonly number[];
}

async function runRound(order: LoadOrder): Promise<LoadResult> {
  const requests = prepareRequests(order);
  const longest = Math.max(...requests.map(({ bytes }) => bytes.length));
  const round: Round = {
    order,
    requests,
    latenciesMs: [],
    sent: 0,
    transactions: 0,
    failed: 0,
    endMs: Number.POSITIVE_INFINITY,
  };
  const before = process.cpuUsage();
  const startMs = performance.now();
  round.endMs = startMs + order.seconds * 1000;
  await Promise.all(Array.from({ length: order.connections }, () => runConnection(round, longest)));
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    requests: round.latenciesMs.length,
    seconds,
    failed: round.failed,
    p50Ms: quantile(round.latenciesMs, 0.5),
    p99Ms: quantile(round.latenciesMs, 0.99),
    clientMicros: (user + system) / Math.max(1, round.latenciesMs.length),
  };
}

function prepareRequests(order: LoadOrder): readonly PreparedRequest[] {
  const { perRequest, round } = order;
  const count = Math.floor(templates.length / perRequest);
  return Array.from({ length: count }, (_, index) => {
    const items = templates.slice(index * perRequest, (index + 1) * perRequest);
    const body = perRequest === 1 ? (items[0] ?? "") : `[${items.join(",")}]`;
    const head =
      `POST ${order.path} HTTP/1.1\r\nHost: 127.0.0.1:${order.port}\r\nContent-Type: application/json\r\n` +
      `Authorization: Bearer ${order.apiKey}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const bytes = Buffer.from((head + body).replaceAll(idPlaceholder.slice(0, 9), round));
    const numbersAt: number[] = [];
    const placeholder = idPlaceholder.slice(9);
    for (let at = bytes.indexOf(placeholder); at >= 0; at = bytes.indexOf(placeholder, at + idDigits)) {
      numbersAt.push(at);
    }
    return { bytes, numbersAt };
  });
}

/** One request at a time on one connection until the round ends. */
function runConnection(round: Round, longest: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const scratch = Buffer.alloc(longest);
  const socket = connect({ port: round.order.port, host: "127.0.0.1", noDelay: true });
  const answer = createAnswerReader();
  let sentMs = 0;
  const send = (): void => {
    sentMs = performance.now();
    if (sentMs >= round.endMs) {
      socket.end();
      return;
    }
    socket.write(nextRequest(round, scratch));
  };
  socket.on("connect", send);
  socket.on("data", (chunk: Buffer) => {
    const ended = answer.read(chunk);
    if (ended === undefined) return;
    round.latenciesMs.push(performance.now() - sentMs);
    if (!ended.ok) round.failed += 1;
    send();
  });
  onEnd(socket, () => {
    if (performance.now() < round.endMs) round.failed += 1;
    resolve();
  });
  return promise;
}

function onEnd(socket: Socket, ended: () => void): void {
  socket.on("error", () => socket.destroy());
  socket.on("close", ended);
}

function nextRequest(round: Round, scratch: Buffer): Buffer {
  const request = round.requests[round.sent % round.requests.length];
  if (request === undefined) throw new Error("no requests");
  round.sent += 1;
  request.bytes.copy(scratch);
  for (const at of request.numbersAt) {
    let number = (round.transactions += 1);
    for (let digit = at + idDigits - 1; digit >= at; digit -= 1) {
      scratch[digit] = 48 + (number % 10);
      number = Math.floor(number / 10);
    }
  }
  return scratch.subarray(0, request.bytes.length);
}

interface AnswerReader {
  /** Takes what came; says how the answer was when it is complete. */
  read(chunk: Buffer): { readonly ok: boolean } | undefined;
}

/** Answers have a Content-Length. */
function createAnswerReader(): AnswerReader {
  let pending: Buffer = Buffer.alloc(0);
  return {
    read(chunk) {
      const bytes = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const headEnd = bytes.indexOf("\r\n\r\n");
      const head = headEnd < 0 ? "" : bytes.toString("latin1", 0, headEnd);
      const length = /content-length: (\d+)/iu.exec(head)?.[1];
      if (length === undefined || bytes.length < headEnd + 4 + Number(length)) {
        pending = bytes;
        return undefined;
      }
      pending = Buffer.alloc(0);
      return { ok: head.startsWith("HTTP/1.1 200") && !bytes.includes(batchItemFailed, headEnd) };
    },
  };
}
