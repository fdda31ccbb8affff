/** Series as promtool writes them ("0+10x60": from 0 on, 10 more each minute, 60 times), and a moment. */
export interface Moment {
  readonly at: string;
  readonly series: Readonly<Record<string, string>>;
}

/** What must wake somebody, and what must not: tests run it, the reference page counts it. */
export interface AlertCase {
  readonly alert: string;
  /** Between two samples, and two evaluations; a minute when absent. Longer for what takes days. */
  readonly interval?: "1m" | "10m";
  readonly firing: Moment & {
    readonly labels?: Readonly<Record<string, string>>;
    readonly summary: string;
  };
  readonly quiet: readonly (Moment & { readonly because: string })[];
}
