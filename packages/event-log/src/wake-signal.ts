/** Lets one background loop sleep until there is something to do. */
export interface WakeSignal {
  wake(): void;
  /** Resolves at the next wake, or after the time; at once when woken since the last sleep. */
  sleep(limitMs: number): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let woken = false;
  let resolveSleep: (() => void) | undefined;
  return {
    wake() {
      woken = true;
      resolveSleep?.();
    },
    async sleep(limitMs) {
      if (!woken) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          resolveSleep = resolve;
          timer = setTimeout(resolve, limitMs);
        });
        clearTimeout(timer);
        resolveSleep = undefined;
      }
      woken = false;
    },
  };
}
