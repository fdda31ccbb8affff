import { loadRuntimeConfig, processEnvironment } from "./config.ts";
import { ConfigError } from "./config-reader.ts";
import { jsonLogger, type LeveledLogger } from "./json-logger.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import type { Logger } from "./logger.ts";
import { redactText } from "./redact.ts";

/** Starts an app's parts; each registers how it is stopped. */
export type StartApp = (context: { lifecycle: Lifecycle; logger: Logger }) => Promise<void>;

/**
 * The outermost function of every app: starts it, stops it on SIGTERM or SIGINT, and turns a failed start
 * into one readable line and exit code 1. An error nobody caught ends the process: a supervisor restarts it.
 * SIGUSR2 turns debug lines on, and off again.
 */
export async function runApp(service: string, start: StartApp): Promise<void> {
  const lifecycle = createLifecycle();
  try {
    const { logLevel } = loadRuntimeConfig(processEnvironment());
    const logger = jsonLogger(service, { level: logLevel, readable: process.stderr.isTTY });
    stopOnSignals(lifecycle, logger);
    process.on("SIGUSR2", () => {
      logger.level = logger.debugging && logLevel !== "debug" ? logLevel : "debug";
      logger.warn("log-level-changed", { to: logger.level });
    });
    await start({ lifecycle, logger });
    logger.info("started");
  } catch (error) {
    const message = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
    process.stderr.write(`${service} could not start: ${redactText(message)}\n`);
    await lifecycle.stop();
    process.exit(1);
  }
}

function stopOnSignals(lifecycle: Lifecycle, logger: LeveledLogger): void {
  const stop = async (reason: string, exitCode: number): Promise<void> => {
    if (lifecycle.stopping) return;
    logger.info("stopping", { reason });
    const failed = await lifecycle.stop();
    if (failed.length > 0) logger.error("stop-failed", { parts: failed.join(", ") });
    process.exit(failed.length > 0 ? 1 : exitCode);
  };
  process.on("SIGTERM", () => void stop("SIGTERM", 0));
  process.on("SIGINT", () => void stop("SIGINT", 0));
  process.on("uncaughtException", (error) => {
    logger.error("uncaught", { message: error.message, stack: error.stack });
    void stop("uncaught error", 1);
  });
}
