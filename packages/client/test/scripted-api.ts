import http from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a scripted server answers to one request. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScriptedApi {
  readonly url: string;
  /** What was asked, in order. */
  readonly requests: readonly {
    readonly path: string;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
  }[];
}

/** A real HTTP server on loopback that answers one request after the other; `"break"` cuts the connection. */
export async function scriptedApi(script: readonly (ScriptedAnswer | "break")[]): Promise<ScriptedApi> {
  const requests: ScriptedApi["requests"][number][] = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      const answer = script[requests.length];
      requests.push({ path: request.url ?? "", headers: request.headers, body });
      if (answer === undefined || answer === "break") request.socket.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

/** The API's problem with a code. */
export function problem(
  status: number,
  code: string,
  more: { readonly retryable: boolean; readonly headers?: Readonly<Record<string, string>> },
): ScriptedAnswer {
  const { retryable, headers = {} } = more;
  const body = JSON.stringify({ type: `urn:${code}`, title: code, status, code, detail: "why", retryable });
  return { status, body, headers: { "content-type": "application/problem+json", ...headers } };
}
