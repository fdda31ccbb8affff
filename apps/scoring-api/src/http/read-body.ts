import type { IncomingMessage } from "node:http";
import { ApiError } from "../errors.ts";

/** The client left before its request was complete: nobody is there to be answered. */
export class ClientGone extends Error {}

/**
 * Reads a body of at most `limitBytes`; refuses a longer one by its declared length before the first byte, or
 * as soon as more has come.
 * @param invite called when the body is welcome and the client has asked (`Expect: 100-continue`).
 * @throws ApiError `BODY_TOO_LARGE`; ClientGone
 */
export function readBody(request: IncomingMessage, limitBytes: number, invite: () => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = (): ApiError =>
      new ApiError("BODY_TOO_LARGE", { detail: `The limit is ${limitBytes} bytes.` });
    if (Number(request.headers["content-length"] ?? 0) > limitBytes) {
      reject(tooLarge());
      return;
    }
    if (request.headers.expect !== undefined) invite();
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let length = 0;
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limitBytes) {
        stop();
        reject(tooLarge());
      } else if (first === undefined) first = chunk;
      else (more ??= [first]).push(chunk);
    };
    const onEnd = (): void => {
      stop();
      resolve(more === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(more, length));
    };
    const onClose = (): void => {
      stop();
      reject(new ClientGone("the client left before its request was complete"));
    };
    const stop = (): void => {
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
    };
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}
