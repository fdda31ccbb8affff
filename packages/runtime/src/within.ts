/** Rejects when a promise has not settled in time; the work itself is not cancelled. */
export async function within<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = (): Error => new Error(`${what} took longer than ${limitMs} ms`);
    timer = setTimeout(() => reject(error()), Math.max(0, limitMs));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
