import cluster, { type Worker } from "node:cluster";
import type { Clock, Lifecycle, Logger } from "@tollgate/runtime";
import type { Telemetry } from "@tollgate/telemetry";
import { apiLimits } from "../limits.ts";
import { collectMetrics, type MetricsCollector, type MetricsSource } from "./collect-metrics.ts";
import type { FromServing, FromSupervisor } from "./process-messages.ts";
import { createRestartBudget, type RestartBudget } from "./restart-budget.ts";

export interface SuperviseOptions {
  readonly processes: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly telemetry: Telemetry;
}

interface Supervision extends SuperviseOptions {
  readonly collector: MetricsCollector;
  readonly budget: RestartBudget;
  /** Places of processes: the one of a dead process is taken by the next. */
  readonly workers: Map<number, Worker>;
}

/**
 * Runs the same program in several processes that each listen on one port (`SO_REUSEPORT`: measured by
 * `bench/listeners.ts`, the kernel spreads connections more evenly than Node's cluster). One that dies is
 * started again; the others go on. Resolves when all of them listen.
 * @throws when one ends before it listens: what keeps it from starting keeps them all.
 */
export async function superviseProcesses(options: SuperviseOptions): Promise<void> {
  const { clock, lifecycle } = options;
  const supervision: Supervision = {
    ...options,
    collector: collectMetrics(),
    budget: createRestartBudget({
      restarts: apiLimits.processRestarts,
      windowMs: apiLimits.processRestartWindowMs,
      clock,
    }),
    workers: new Map(),
  };
  // Who changes the log level means all of them.
  process.on("SIGUSR2", () => {
    for (const worker of supervision.workers.values()) worker.process.kill("SIGUSR2");
  });
  for (let place = 0; place < options.processes; place += 1) {
    lifecycle.onStop(`process ${place}`, () => stopProcess(supervision, place));
  }
  await Promise.all(
    Array.from({ length: options.processes }, (_, place) => untilListening(start(supervision, place))),
  );
}

function start(supervision: Supervision, place: number): Worker {
  const { collector, workers, lifecycle } = supervision;
  const worker = cluster.fork({ TOLLGATE_PROCESS: String(place) });
  workers.set(place, worker);
  const source: MetricsSource = { id: worker.id, send: (message) => send(worker, message) };
  collector.add(source);
  worker.on("message", (message: FromServing) => void handle(supervision, { worker, source }, message));
  // An IPC channel that breaks is followed by the process's end.
  worker.on("error", () => {});
  worker.once("exit", (code, signal) => {
    collector.remove(source);
    workers.delete(place);
    if (!lifecycle.stopping) restart(supervision, place, signal ?? String(code));
  });
  return worker;
}

function restart(supervision: Supervision, place: number, ended: string): void {
  const { logger, telemetry, budget, lifecycle } = supervision;
  const waitMs = budget.take();
  telemetry.metrics.processRestarts().add();
  logger.error("process-ended", { process: place, ended, restartInMs: Math.round(waitMs) });
  setTimeout(() => {
    if (!lifecycle.stopping) start(supervision, place);
  }, waitMs);
}

async function handle(
  supervision: Supervision,
  from: { readonly worker: Worker; readonly source: MetricsSource },
  message: FromServing,
): Promise<void> {
  const { collector, telemetry } = supervision;
  if (message.type === "metrics") collector.answered(from.source, message.id, message.text);
  if (message.type !== "metrics-wanted") return;
  const text = await collector.collect(await telemetry.render());
  send(from.worker, { type: "all-metrics", id: message.id, text });
}

/** To a process that has just died nothing can be said. */
function send(worker: Worker, message: FromSupervisor): void {
  if (worker.isConnected()) worker.send(message, () => {});
}

function untilListening(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    // Each listens for itself, of which the cluster says nothing.
    worker.on("message", ({ type }: FromServing) => {
      if (type === "listening") resolve();
    });
    worker.once("exit", (code, signal) => {
      reject(
        new Error(`process ${worker.id} ended (${signal ?? code}) before it listened: see its lines above`),
      );
    });
  });
}

/** All are told at once by the first of these calls; each call waits for one. */
async function stopProcess({ workers }: Supervision, place: number): Promise<void> {
  const own = workers.get(place);
  const exit = own === undefined ? undefined : new Promise((resolve) => own.once("exit", resolve));
  for (const worker of workers.values()) worker.process.kill("SIGTERM");
  await exit;
}
