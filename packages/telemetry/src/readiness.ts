import type { Logger } from "@tollgate/runtime";
import { telemetryLimits } from "./limits.ts";

/** A part without which this process must not get traffic. */
export interface ReadinessPart {
  readonly name: string;
  /** Resolves when the part works; throws or rejects with why it does not. */
  readonly check: () => Promise<void> | void;
}

export interface ReadinessReport {
  readonly ready: boolean;
  /** Part → `"ok"` or `"failed"`. Why it failed is in the log: an answer open to anyone names no host. */
  readonly parts: Readonly<Record<string, "ok" | "failed">>;
}

/** Asks every part, at once, each within {@link telemetryLimits.readinessCheckMs}. */
export type Readiness = () => Promise<ReadinessReport>;

/** @param isDraining true from the moment the process is being stopped: then it is not ready. */
export function createReadiness(options: {
  readonly parts: readonly ReadinessPart[];
  readonly isDraining: () => boolean;
  readonly logger: Logger;
}): Readiness {
  const failing = new Set<string>();
  const note = (name: string, reason: string | null): "ok" | "failed" => {
    if (reason === null) {
      if (failing.delete(name)) options.logger.info("part-ready", { part: name });
      return "ok";
    }
    if (!failing.has(name)) options.logger.warn("part-not-ready", { part: name, reason });
    failing.add(name);
    return "failed";
  };
  return async () => {
    const entries = await Promise.all(
      options.parts.map(async (part) => [part.name, note(part.name, await failureOf(part))] as const),
    );
    const draining = options.isDraining();
    const parts = Object.fromEntries([...entries, ["serving", draining ? "failed" : "ok"] as const]);
    return { ready: !draining && entries.every(([, state]) => state === "ok"), parts };
  };
}

async function failureOf(part: ReadinessPart): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    const reason = `no answer within ${telemetryLimits.readinessCheckMs} ms`;
    timer = setTimeout(() => resolve(reason), telemetryLimits.readinessCheckMs);
  });
  const checked = (async () => {
    try {
      await part.check();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  })();
  const reason = await Promise.race([checked, late]);
  clearTimeout(timer);
  return reason;
}
