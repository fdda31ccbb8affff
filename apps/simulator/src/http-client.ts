import http from "node:http";
import { simulatorLimits } from "./limits.ts";

export interface HttpAnswer {
  /** 0 when there was none; then `body` says why. */
  readonly status: number;
  readonly body: string;
  readonly retryAfterSeconds: number | undefined;
}

/** Posts JSON over connections that are kept; always resolves, at the latest after the named timeout. */
export interface HttpClient {
  post(path: string, body: string): Promise<HttpAnswer>;
  close(): void;
}

/** node:http and not fetch: about half the processor time for each request. */
export function createHttpClient(options: { readonly apiUrl: string; readonly apiKey: string }): HttpClient {
  const { hostname, port } = new URL(options.apiUrl);
  const maxSockets = simulatorLimits.httpConnections;
  const agent = new http.Agent({ keepAlive: true, maxSockets, scheduling: "lifo" });
  const headers = { "content-type": "application/json", authorization: `Bearer ${options.apiKey}` };
  return {
    post(path, body) {
      return new Promise((resolve) => {
        const contentLength = Buffer.byteLength(body);
        const request = http.request(
          {
            agent,
            hostname: hostname.replace(/^\[|\]$/gu, ""),
            port: port === "" ? 80 : port,
            path,
            method: "POST",
            headers: { ...headers, "content-length": contentLength },
            timeout: simulatorLimits.httpTimeoutMs,
          },
          (response) => readAnswer(response, resolve),
        );
        const fail = (reason: string): void =>
          resolve({ status: 0, body: reason, retryAfterSeconds: undefined });
        request.on("timeout", () => request.destroy(new Error("no answer in time")));
        request.on("error", (error: NodeJS.ErrnoException) =>
          fail(error.message || (error.code ?? "no answer")),
        );
        request.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function readAnswer(response: http.IncomingMessage, resolve: (answer: HttpAnswer) => void): void {
  const parts: string[] = [];
  let length = 0;
  const retryAfter = Number(response.headers["retry-after"]);
  response.setEncoding("utf8");
  response.on("data", (part: string) => {
    length += part.length;
    if (length > simulatorLimits.httpAnswerBytes) response.destroy(new Error("the answer is too long"));
    else parts.push(part);
  });
  response.on("end", () =>
    resolve({
      status: response.statusCode ?? 0,
      body: parts.join(""),
      retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
    }),
  );
  response.on("error", (error) => resolve({ status: 0, body: error.message, retryAfterSeconds: undefined }));
}
