import type { Logger } from "@tollgate/runtime";
import type { logCreator } from "kafkajs";
import { logLevel } from "kafkajs";
import { eventLogLimits } from "./limits.ts";

/** kafkajs's log lines as ours. It calls "error" what it goes on to retry: here that is a warning. */
export function kafkaClientLog(logger: Logger, nowMs: () => number = () => Date.now()): logCreator {
  const seen = new Map<string, { atMs: number; suppressed: number }>();
  return () =>
    ({ namespace, level, log }) => {
      if (level > logLevel.ERROR) return;
      const line = `${namespace}: ${log.message}`;
      const last = seen.get(line);
      const now = nowMs();
      if (last !== undefined && now - last.atMs < eventLogLimits.clientLogQuietMs) {
        last.suppressed += 1;
        return;
      }
      if (seen.size >= maxLines) seen.clear();
      seen.set(line, { atMs: now, suppressed: 0 });
      const fields = { message: line, broker: textOf(log["broker"]), error: textOf(log["error"]) };
      logger.warn("kafka-client", { ...fields, suppressedBefore: last?.suppressed });
    };
}

/** Lines held to recognise repeats; the client has a few dozen different ones. */
const maxLines = 100;

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
