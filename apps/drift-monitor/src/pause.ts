/** Waits so long, or until the signal says that it is over. */
export async function pause(limitMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, limitMs);
    signal.addEventListener("abort", end);
  });
}
