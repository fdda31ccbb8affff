import { apiLimits } from "../limits.ts";
import type { FromSupervisor } from "./process-messages.ts";
import { countsOf, formatMetrics, parseMetrics, sumMetrics, type ParsedMetrics } from "./sum-metrics.ts";

/** A serving process, as far as its metrics go. */
export interface MetricsSource {
  readonly id: number;
  send(message: FromSupervisor): void;
}

/** The metrics of all serving processes and of the one that supervises them, as one. */
export interface MetricsCollector {
  add(source: MetricsSource): void;
  /** It has ended: what it had counted when it was last asked stays, so that no counter ever goes back. */
  remove(source: MetricsSource): void;
  /** Takes a process's answer. */
  answered(source: MetricsSource, id: number, text: string): void;
  /** Asks all; one that does not answer in time counts with its last answer. */
  collect(own: string): Promise<string>;
}

interface Round {
  readonly waitingFor: Set<MetricsSource>;
  readonly done: () => void;
}

export function collectMetrics(): MetricsCollector {
  const latest = new Map<MetricsSource, ParsedMetrics>();
  const rounds = new Map<number, Round>();
  let ended: ParsedMetrics = new Map();
  let lastId = 0;
  const noLonger = (round: Round | undefined, source: MetricsSource): void => {
    if (round?.waitingFor.delete(source) === true && round.waitingFor.size === 0) round.done();
  };
  return {
    add: (source) => void latest.set(source, new Map()),
    remove(source) {
      const metrics = latest.get(source);
      if (metrics !== undefined) ended = sumMetrics([ended, countsOf(metrics)]);
      latest.delete(source);
      for (const round of rounds.values()) noLonger(round, source);
    },
    answered(source, id, text) {
      if (latest.has(source)) latest.set(source, parseMetrics(text));
      noLonger(rounds.get(id), source);
    },
    async collect(own) {
      lastId += 1;
      const id = lastId;
      const { promise, resolve } = Promise.withResolvers<void>();
      rounds.set(id, { waitingFor: new Set(latest.keys()), done: resolve });
      for (const source of latest.keys()) source.send({ type: "render-metrics", id });
      const timer = setTimeout(resolve, apiLimits.metricsTimeoutMs);
      if (latest.size > 0) await promise;
      clearTimeout(timer);
      rounds.delete(id);
      return formatMetrics(sumMetrics([parseMetrics(own), ended, ...latest.values()]));
    },
  };
}
