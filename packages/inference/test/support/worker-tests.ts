/** Each worker is a thread that loads its sources and a model: some of them take long on a busy machine. */
export const workerTests = { timeout: 120_000 } as const;
