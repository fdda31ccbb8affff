import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Sender } from "./sender.ts";

/** Writes what would be sent, one JSON a line, no faster than the reader reads. */
export function createDryRunSender(output: Writable): Sender {
  let hasRoom = true;
  // A reader that has seen enough (`| head`) closes the pipe: that ends the run, it is no fault.
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  const write = (lines: readonly string[]): void => {
    if (lines.length > 0) hasRoom = output.write(`${lines.join("\n")}\n`);
  };
  const room = async (): Promise<void> => {
    if (hasRoom) return;
    await once(output, "drain");
    hasRoom = true;
  };
  return {
    send: (events) => write(events.map((event) => event.body)),
    sendLabels: (due) => write(due.map(({ label }) => JSON.stringify(label))),
    room,
    idle: room,
    stop: () => Promise.resolve(),
  };
}
