import type { Platform } from "@tollgate/demo";
import { setTimeout as delay } from "node:timers/promises";
import { faultedServices, type FaultedService } from "./profiles.ts";
import type { Mark } from "./load-result.ts";

/** Something that is done to the platform while the load goes on. */
export interface Disturbance {
  /** After the first measured request. */
  readonly atSeconds: number;
  /** Drawn into the curves at the moment when it was done. */
  readonly text: string;
  readonly act: () => Promise<void>;
}

/** Does each at its time; resolves with when each was done. @throws what one of them threw. */
export async function disturb(
  disturbances: readonly Disturbance[],
  options: { readonly zeroMs: number; readonly stop: AbortSignal; readonly say: (line: string) => void },
): Promise<readonly Mark[]> {
  const { zeroMs, stop, say } = options;
  const marks: Mark[] = [];
  for (const { atSeconds, text, act } of disturbances) {
    const waitMs = zeroMs + atSeconds * 1000 - Date.now();
    if (waitMs > 0) await delay(waitMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return marks;
    await act();
    marks.push({ atSeconds: (Date.now() - zeroMs) / 1000, text });
    say(`! ${text}`);
  }
  return marks;
}

export const serviceTitles: Readonly<Record<FaultedService, string>> = {
  redis: "Redis",
  postgres: "PostgreSQL",
  kafka: "Kafka",
};

/** Of the marks at which a service had stopped, and was ready again. */
export function faultTexts(service: FaultedService): { readonly stopped: string; readonly back: string } {
  const title = serviceTitles[service];
  return { stopped: `${title} stopped`, back: `${title} back` };
}

/** One service after the other: away for a fifth of its part of the time, then back. */
export function faultsOf(platform: Platform, seconds: number): readonly Disturbance[] {
  const part = seconds / faultedServices.length;
  return faultedServices.flatMap((name, index): readonly Disturbance[] => {
    const service = platform.stack.service(name);
    const from = (index + 0.1) * part;
    const { stopped, back } = faultTexts(name);
    return [
      { atSeconds: from, text: stopped, act: () => service.stop() },
      { atSeconds: from + part * 0.2, text: back, act: () => service.start() },
    ];
  });
}
