/** What a serving process says to the one that supervises it. */
export type FromServing =
  | { readonly type: "listening" }
  /** Somebody asked this one for the metrics of all. */
  | { readonly type: "metrics-wanted"; readonly id: number }
  /** The answer to `render-metrics`. */
  | { readonly type: "metrics"; readonly id: number; readonly text: string };

/** What the supervising process says to a serving one. */
export type FromSupervisor =
  | { readonly type: "render-metrics"; readonly id: number }
  | { readonly type: "all-metrics"; readonly id: number; readonly text: string };
