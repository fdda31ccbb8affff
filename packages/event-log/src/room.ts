/** Where callers wait while too much is in flight. */
export interface Room {
  /** Resolves when there is room, first come first served; to false when there was none in time. */
  free(timeoutMs?: number): Promise<boolean>;
  /** Lets the first of the waiting ones in, where there is room: it asks again when it has taken its part. */
  check(): void;
}

export function createRoom(hasRoom: () => boolean): Room {
  const waiting = new Set<() => void>();
  return {
    free(timeoutMs) {
      if (waiting.size === 0 && hasRoom()) return Promise.resolve(true);
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        const leave = (isFree: boolean): void => {
          clearTimeout(timer);
          waiting.delete(enter);
          resolve(isFree);
        };
        const enter = (): void => leave(true);
        waiting.add(enter);
        // Who is told that it failed must not be sent later, nor held until then.
        if (timeoutMs !== undefined) timer = setTimeout(() => leave(false), timeoutMs);
      });
    },
    check() {
      const [first] = waiting;
      if (first !== undefined && hasRoom()) first();
    },
  };
}
