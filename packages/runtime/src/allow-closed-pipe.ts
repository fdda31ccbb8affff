import type { Writable } from "node:stream";

/** A reader that has seen enough (`| head`) closes the pipe: what comes after goes nowhere; no fault. */
export function allowClosedPipe(output: Writable): void {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
