import { setTimeout as delay } from "node:timers/promises";
import { degradedParts, type DegradedPart } from "@tollgate/contracts";
import type { LoadPhase } from "../k6/load-plan.ts";
import { loadLimits } from "./limits.ts";

/** Decisions that were made without a part, by part; one that lacks two parts counts in both. */
export type LeftOutParts = Readonly<Record<DegradedPart, number>>;

/** Of one phase. */
export interface LeftOut {
  readonly phase: string;
  readonly parts: LeftOutParts;
}

/**
 * What decisions of each phase were made without: the API's own count at the phase's end, less that at its
 * beginning. Where it did not answer, the phase's count is in the next one's.
 */
export async function watchLeftOut(run: {
  readonly phases: readonly LoadPhase[];
  /** When the first of all phases began. */
  readonly beganMs: number;
  readonly metricsUrl: string;
  /** Settles when every request has its answer. */
  readonly ended: Promise<unknown>;
  readonly stop: AbortSignal;
}): Promise<readonly LeftOut[]> {
  const { phases, beganMs, metricsUrl, ended, stop } = run;
  const reached = async (seconds: number): Promise<void> => {
    const waitMs = Math.max(0, beganMs + seconds * 1000 - Date.now());
    await delay(waitMs, undefined, { signal: stop }).catch(() => undefined);
  };
  await reached(phases[0]?.startSeconds ?? 0);
  let before = (await readLeftOut(metricsUrl)) ?? partsOf(() => 0);
  const found: LeftOut[] = [];
  for (const [index, { name, startSeconds, seconds }] of phases.entries()) {
    await (index === phases.length - 1 ? ended : reached(startSeconds + seconds));
    const first = before;
    const last = (await readLeftOut(metricsUrl)) ?? first;
    found.push({ phase: name, parts: partsOf((part) => last[part] - first[part]) });
    before = last;
  }
  return found;
}

/** Since the API began; undefined when it does not answer. */
async function readLeftOut(metricsUrl: string): Promise<LeftOutParts | undefined> {
  try {
    const response = await fetch(metricsUrl, { signal: AbortSignal.timeout(loadLimits.metricsMs) });
    return response.ok ? parseLeftOut(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

export function parseLeftOut(metrics: string): LeftOutParts {
  return partsOf((part) => {
    const line = new RegExp(`^tollgate_degraded_total\\{part="${part}"\\} (\\d+)`, "mu");
    return Number(line.exec(metrics)?.[1] ?? 0);
  });
}

function partsOf(count: (part: DegradedPart) => number): LeftOutParts {
  return {
    features: count("features"),
    "state-write": count("state-write"),
    model: count("model"),
    "event-log": count("event-log"),
  };
}

/** Of several phases together. */
export function leftOutInAll(phases: readonly LeftOut[]): number {
  const all = phases.flatMap(({ parts }) => degradedParts.map((part) => parts[part]));
  return all.reduce((sum, count) => sum + count, 0);
}
