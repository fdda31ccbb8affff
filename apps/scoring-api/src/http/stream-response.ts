import type { ServerResponse } from "node:http";
import { commonHeaders, type StreamedAnswer } from "./end-response.ts";

/**
 * Sends an answer part by part. Whoever reads slowly makes the parts be made slowly: never more than one of
 * them waits in memory. Returns when the answer has ended or the client is gone.
 */
export async function streamResponse(
  response: ServerResponse,
  options: { readonly answer: StreamedAnswer; readonly requestId: string; readonly close: boolean },
): Promise<void> {
  const { answer, requestId } = options;
  const headers = commonHeaders(answer.contentType, requestId);
  if (options.close) headers.push("Connection", "close");
  response.writeHead(answer.status, headers);
  // The client sees that it is welcome before it has sent a line.
  response.flushHeaders();
  for await (const part of answer.parts) {
    if (response.destroyed) return;
    if (!response.write(part)) await drained(response);
  }
  response.end();
}

/** Resolves also when the connection ends before. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      response.off("drain", goOn).off("close", goOn);
      resolve();
    };
    response.on("drain", goOn).on("close", goOn);
    if (response.destroyed) goOn();
  });
}
