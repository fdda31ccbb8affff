import { ConfigError } from "./config-reader.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import { jsonLogger, type Logger } from "./logger.ts";

/** Starts an app's parts; each registers how it is stopped. */
export type StartApp = (context: { lifecycle: Lifecycle; logger: Logger }) => Promise<void>;

/**
 * The outermost function of every app: starts it, stops it on SIGTERM or SIGINT, and turns a failed start
 * into one readable line and exit code 1. An error nobody caught ends the process: a supervisor restarts it.
 */
export async function runApp(service: string, start: StartApp): Promise<void> {
  const logger = jsonLogger(service);
  const lifecycle = createLifecycle();
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
  try {
    await start({ lifecycle, logger });
    logger.info("started");
  } catch (error) {
    const message = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
    process.stderr.write(`${service} could not start: ${message}\n`);
    await lifecycle.stop();
    process.exit(1);
  }
}
