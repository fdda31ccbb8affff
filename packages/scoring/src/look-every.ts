/**
 * Looks again and again, with a pause between the end of one look and the next, until the function that it
 * gives is called; that one waits for the last look. Looks never reject.
 */
export function lookEvery(look: () => Promise<void>, everyMs: number): () => Promise<void> {
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const lookNow = (): void => {
    looking = look().finally(lookLater);
  };
  const lookLater = (): void => {
    if (!stopped) timer = setTimeout(lookNow, everyMs).unref();
  };
  lookLater();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await looking;
  };
}
