import { once } from "node:events";
import http from "node:http";
import { createInterface } from "node:readline";
import type { RunningApi } from "./start-api.ts";

/** One answer line. */
export interface LineAnswer {
  readonly line: number;
  readonly status: number;
  readonly repeated?: boolean;
  readonly answer?: { readonly transactionId: string };
  readonly problem?: {
    readonly code: string;
    readonly retryable: boolean;
    readonly faults?: readonly { readonly path: string; readonly message: string }[];
  };
}

/** A body of lines that is sent while its answers are read. */
export interface LinesRequest {
  readonly request: http.ClientRequest;
  /** When the server has taken the request. */
  readonly response: Promise<http.IncomingMessage>;
  write(text: string | Buffer): void;
  /** Waits until there is room. */
  writeAll(text: string): Promise<void>;
  end(): void;
  /** The next answer; undefined at the end. */
  next(): Promise<LineAnswer | undefined>;
  rest(): Promise<readonly LineAnswer[]>;
}

export function openLines(
  api: Pick<RunningApi, "url" | "key">,
  headers: Readonly<Record<string, string>> = {},
): LinesRequest {
  const request = http.request(`${api.url}/v1/score/batch`, {
    method: "POST",
    headers: { authorization: `Bearer ${api.key}`, "content-type": "application/x-ndjson", ...headers },
  });
  request.on("error", () => {});
  request.flushHeaders();
  const response = once(request, "response").then(([message]) => message as http.IncomingMessage);
  response.catch(() => {});
  const answers = answersOf(response);
  const next = async (): Promise<LineAnswer | undefined> => {
    const { value } = await answers.next();
    return value ?? undefined;
  };
  return {
    request,
    response,
    write: (text) => void request.write(text),
    async writeAll(text) {
      if (!request.write(text)) await once(request, "drain");
    },
    end: () => void request.end(),
    next,
    async rest() {
      const all: LineAnswer[] = [];
      for await (const answer of answers) all.push(answer);
      return all;
    },
  };
}

async function* answersOf(
  response: Promise<http.IncomingMessage>,
): AsyncGenerator<LineAnswer, undefined, undefined> {
  const lines = createInterface({ input: await response, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) yield JSON.parse(line) as LineAnswer;
  return undefined;
}
