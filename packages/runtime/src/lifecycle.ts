/** One started part of an app, and how it is stopped. */
interface StartedPart {
  readonly name: string;
  readonly stop: () => Promise<void> | void;
}

/** Stops what an app has started, in reverse order, once. */
export interface Lifecycle {
  /** Registers a part; the last one registered is stopped first. */
  onStop(name: string, stop: () => Promise<void> | void): void;
  /** Stops every part, each within {@link stopPartLimitMs}; returns the names of those that failed. */
  stop(): Promise<readonly string[]>;
  readonly stopping: boolean;
}

/** A part that has not stopped by then is left behind: an orchestrator kills after 30 s. */
export const stopPartLimitMs = 8_000;

export function createLifecycle(): Lifecycle {
  const parts: StartedPart[] = [];
  let stopped: Promise<readonly string[]> | undefined;
  return {
    onStop(name, stop) {
      parts.push({ name, stop });
    },
    stop() {
      stopped ??= stopAll(parts);
      return stopped;
    },
    get stopping() {
      return stopped !== undefined;
    },
  };
}

async function stopAll(parts: readonly StartedPart[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const part of parts.toReversed()) {
    const inTime = await settlesWithin(part.stop, stopPartLimitMs);
    if (!inTime) failed.push(part.name);
  }
  return failed;
}

async function settlesWithin(stop: StartedPart["stop"], limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const done = (async () => {
    try {
      await stop();
      return true;
    } catch {
      return false;
    }
  })();
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}
