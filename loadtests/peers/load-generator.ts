import type { LoadFigures } from "./load-figures.ts";

/** In the order of the tables. */
export const generatorNames = ["wrk", "k6"] as const;

export type GeneratorName = (typeof generatorNames)[number];

/** What loads every server alike: a closed loop, each caller sends again when it has its answer. */
export interface LoadGenerator {
  readonly name: GeneratorName;
  /** Warms the server up, then measures. @throws LoadError when there are no figures. */
  readonly load: (target: LoadTarget) => Promise<LoadFigures>;
}

/** One server, ready to answer. */
export interface LoadTarget {
  readonly url: string;
  /** Begins every id, and no other run's. */
  readonly idPrefix: string;
  readonly apiKey: string;
  /** Process of the server, and of the services that it calls. */
  readonly server: number;
  readonly services: Readonly<Record<string, number | undefined>>;
}
