import { STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ApiErrorCode } from "../errors.ts";
import { problemOf } from "../problem.ts";

/** Answers what never became a request: broken HTTP, headers too large, a client too slow. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): ApiErrorCode | null {
  // Something was sent already: bytes in between would be read as part of it.
  if (!(socket instanceof Socket) || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return null;
  }
  const code = codeOf(error);
  const problem = problemOf(code);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
  return code;
}

function codeOf(error: NodeJS.ErrnoException): ApiErrorCode {
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return "REQUEST_TIMEOUT";
  if (error.code === "HPE_HEADER_OVERFLOW") return "HEADERS_TOO_LARGE";
  return "MALFORMED_REQUEST";
}
