import { pino, type DestinationStream } from "pino";
import type { LogLevel } from "./log-events.ts";
import type { Logger } from "./logger.ts";
import { readableLine } from "./readable-line.ts";
import { redact } from "./redact.ts";

/** A logger whose level can be changed while it is used, by whoever made it. */
export interface LeveledLogger extends Logger {
  level: LogLevel;
}

export interface JsonLoggerOptions {
  /** Lines below it are not written; `info` when absent. */
  readonly level?: LogLevel;
  /** Lines for a person instead of JSON. */
  readonly readable?: boolean;
  /** Standard error, at once, when absent. */
  readonly write?: (line: string) => void;
}

/** One JSON object a line, written by pino; nothing reaches it that has not been redacted. */
export function jsonLogger(service: string, options: JsonLoggerOptions = {}): LeveledLogger {
  const { level = "info", write, readable = false } = options;
  const log = pino(
    {
      base: { service },
      level,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Synchronous: what a crash says must be out before the process is.
    destinationOf(write ?? writeToStandardError(), readable),
  );
  const writer =
    (at: LogLevel) =>
    (event: string, fields?: object): void => {
      if (log.isLevelEnabled(at)) log[at](redact({ event, ...fields }) as object);
    };
  return {
    debug: writer("debug"),
    info: writer("info"),
    warn: writer("warn"),
    error: writer("error"),
    get debugging() {
      return log.isLevelEnabled("debug");
    },
    get level() {
      return log.level as LogLevel;
    },
    set level(next) {
      log.level = next;
    },
  };
}

function writeToStandardError(): (line: string) => void {
  const destination = pino.destination({ dest: 2, sync: true });
  return (line) => void destination.write(line);
}

function destinationOf(write: (line: string) => void, readable: boolean): DestinationStream {
  return { write: readable ? (line) => write(readableLine(line)) : write };
}
