/** How a bench is run: `quick` for a look, of fewer rounds. */
export interface BenchOptions {
  readonly quick: boolean;
}

/** What a bench module's `run` resolves to. */
export interface BenchResult {
  readonly table: {
    readonly header: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  readonly figures: Readonly<Record<string, number>>;
  /** False when a figure misses its threshold. */
  readonly passed: boolean;
  /** What a reader must know of them: what was compared, what could not be run and why. */
  readonly notes?: readonly string[];
}

/** The value that so large a share of the values does not pass; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A file in a package's `bench` folder that `npm run bench -- NAME` runs exports this. */
export interface BenchModule {
  readonly run: (options: BenchOptions) => Promise<BenchResult>;
}
