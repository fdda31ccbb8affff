import type { IncomingMessage, ServerResponse } from "node:http";
import { apiLimits } from "../limits.ts";

/** An answer, ready to be sent. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is sent as it is made. */
export interface StreamedAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Asked for its next part when the client has taken the last one. */
  readonly parts: AsyncIterable<string>;
}

/** Sends an answer; closes the connection when asked to, or when too much of the request was left unread. */
export function endResponse(
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly answer: Answer; readonly requestId: string; readonly close: boolean },
): void {
  const { answer, requestId } = options;
  const unread = leavesMuchUnread(request);
  const headers = commonHeaders(answer.contentType, requestId);
  headers.push("Content-Length", String(Buffer.byteLength(answer.body)));
  for (const [name, value] of Object.entries(answer.headers ?? noHeaders)) headers.push(name, value);
  if (unread || options.close) headers.push("Connection", "close");
  response.writeHead(answer.status, headers);
  if (!unread) {
    response.end(answer.body);
    return;
  }
  response.write(answer.body);
  lingerThenEnd(request, response);
}

/** What every answer carries, as a flat list: names and values. */
export function commonHeaders(contentType: string, requestId: string): string[] {
  const always = ["Cache-Control", "no-store", "X-Content-Type-Options", "nosniff"];
  return ["Content-Type", contentType, "X-Request-Id", requestId, ...always];
}

const noHeaders: Readonly<Record<string, string>> = {};

function leavesMuchUnread(request: IncomingMessage): boolean {
  if (request.complete) return false;
  const declared = request.headers["content-length"];
  if (declared !== undefined) return Number(declared) > apiLimits.dumpBytes;
  return request.headers["transfer-encoding"] !== undefined;
}

/**
 * Closing with bytes unread makes the kernel send a reset, and the client may lose the answer that was on its
 * way. So the rest is thrown away for a while; then the answer is ended and the connection with it.
 */
function lingerThenEnd(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  const end = (): void => {
    clearTimeout(timer);
    request.off("data", onData).off("end", end).off("close", end);
    response.end();
  };
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > apiLimits.lingerBytes) end();
  };
  const timer = setTimeout(end, apiLimits.lingerMs);
  request.on("data", onData).on("end", end).on("close", end);
  request.resume();
}
