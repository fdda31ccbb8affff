/**
 * The result of `work`, or null when it fails or is late: the way goes on without. What is late goes on in
 * the background; its outcome no longer matters.
 */
export async function inTime<R>(work: Promise<R>, limitMs: number): Promise<R | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, limitMs));
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
