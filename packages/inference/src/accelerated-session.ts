import type { Provider, Session } from "./open-session.ts";

/** What runs beside the CPU. */
export interface AcceleratorUse {
  /** `cpu` when no device is used. */
  readonly provider: Provider;
  /** Batches of so many rows or more go to the device, which measured faster from there on. */
  readonly breakEvenRows: number | undefined;
  /** Why a device that was asked for is not used, or which one is; for the log. */
  readonly note: string;
}

/** A device that stopped working; the CPU scores in its place. */
export interface DeviceFailure {
  readonly provider: Provider;
  readonly message: string;
}

/**
 * Sends large batches to the device and the others to the CPU. A batch that the device fails on is scored by
 * the CPU, in the same call, and the device is not used again: no caller notices but by the time it takes.
 */
export function acceleratedSession(parts: {
  readonly cpu: Session;
  readonly device: Session;
  readonly provider: Provider;
  readonly breakEvenRows: number;
  readonly deviceFailed: (failure: DeviceFailure) => void;
}): Session {
  const { cpu, device, breakEvenRows, provider } = parts;
  let working = true;
  const giveUp = (message: string): void => {
    if (!working) return;
    working = false;
    parts.deviceFailed({ provider, message });
    // Closing a lost device may fail as well; there is nothing left to free then.
    device.close().catch(() => {});
  };
  return {
    async score(vectors, rows) {
      if (!working || rows < breakEvenRows) return cpu.score(vectors, rows);
      let scores: Float32Array;
      try {
        scores = await device.score(vectors, rows);
      } catch (error) {
        giveUp(error instanceof Error ? error.message : String(error));
        return cpu.score(vectors, rows);
      }
      if (scores.every(isProbability)) return scores;
      // Either the rows have no score, and the CPU says so too, or the device is wrong.
      const onCpu = await cpu.score(vectors, rows);
      if (onCpu.every(isProbability)) giveUp("it gave scores that are no probabilities");
      return onCpu;
    },
    async close() {
      if (working) await device.close();
      working = false;
      await cpu.close();
    },
  };
}

/** False for NaN. */
export function isProbability(score: number): boolean {
  return score >= 0 && score <= 1;
}
