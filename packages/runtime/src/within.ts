/**
 * Rejects when a promise has not settled in time; the work itself is not cancelled. A process that stood
 * still finds its timers due before what has arrived meanwhile: that is read before anything is called late.
 */
export async function within<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let reading: NodeJS.Immediate | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const refuse = (): void => reject(new Error(`${what} took longer than ${limitMs} ms`));
    timer = setTimeout(() => (reading = setImmediate(refuse)), Math.max(0, limitMs));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    clearImmediate(reading);
  }
}
