import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { createClient, LinesEnded, TollgateError, type TollgateClient } from "../src/index.ts";
import { problem, scriptedApi } from "./scripted-api.ts";

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function clientOf(handle: Handle): Promise<TollgateClient<{ id: string }>> {
  const server = http.createServer((request, response) => {
    request.on("error", () => {});
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.flushHeaders();
    handle(request, response).catch(() => response.destroy());
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return createClient<{ id: string }>({ url: `http://127.0.0.1:${port}`, key: "key" });
}

async function collect<T>(answers: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
}

function answerTo(line: number, id: string): string {
  return `${JSON.stringify({ line, status: 200, repeated: false, answer: { transactionId: id } })}\n`;
}

/** Answers each line as it comes. */
const answerAll: Handle = async (request, response) => {
  let number = 0;
  for await (const line of createInterface({ input: request })) {
    number += 1;
    response.write(answerTo(number, (JSON.parse(line) as { id: string }).id));
  }
  response.end();
};

test("answers come while the next transactions are still to be made", async () => {
  const client = await clientOf(answerAll);
  let answered = 0;
  let waiting = Promise.withResolvers<void>();
  const transactions = async function* (): AsyncGenerator<{ id: string }> {
    for (const id of ["a", "ü", "c"]) {
      waiting = Promise.withResolvers<void>();
      yield { id };
      // The next one is made only after the answer to this one was seen.
      await waiting.promise;
    }
  };
  for await (const answer of client.scoreLines(transactions())) {
    answered += 1;
    expect(answer).toMatchObject({
      line: answered,
      answer: { transactionId: ["a", "ü", "c"][answered - 1] },
    });
    waiting.resolve();
  }
  expect(answered).toBe(3);
});

test("answers that end too early say how many lines were answered", async () => {
  const cut = await clientOf(async (request, response) => {
    await once(request, "data");
    await new Promise((resolve) => response.write(answerTo(1, "a"), resolve));
    response.destroy();
  });
  const three = [{ id: "a" }, { id: "b" }, { id: "c" }];
  await expect(collect(cut.scoreLines(three))).rejects.toMatchObject({ name: "LinesEnded" });
  const stopping = await clientOf(async (request, response) => {
    request.resume();
    await once(request, "end");
    response.end(
      `${answerTo(1, "a")}${JSON.stringify({ line: 2, status: 503, problem: { code: "STREAM_ENDED" } })}\n`,
    );
  });
  const error: unknown = await collect(stopping.scoreLines(three)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LinesEnded);
  expect(error).toMatchObject({ answeredLines: 1 });
});

test("who leaves the loop ends the request", async () => {
  const left = Promise.withResolvers<void>();
  const client = await clientOf(async (request, response) => {
    response.on("close", left.resolve);
    response.write(answerTo(1, "a"));
    await once(request, "end");
  });
  const endless = async function* (): AsyncGenerator<{ id: string }> {
    yield { id: "a" };
    await new Promise<never>(() => {});
  };
  for await (const answer of client.scoreLines(endless())) {
    expect(answer.line).toBe(1);
    break;
  }
  await left.promise;
});

test("what the given transactions throw comes out, and what the API refuses as a whole does", async () => {
  const client = await clientOf(answerAll);
  const broken = async function* (): AsyncGenerator<{ id: string }> {
    yield { id: "a" };
    throw new RangeError("no more rows");
  };
  await expect(collect(client.scoreLines(broken()))).rejects.toThrow("no more rows");
  const api = await scriptedApi([problem(401, "UNAUTHENTICATED", { retryable: false })]);
  const refused = createClient<{ id: string }>({ url: api.url, key: "wrong" });
  await expect(collect(refused.scoreLines([{ id: "a" }]))).rejects.toBeInstanceOf(TollgateError);
});
