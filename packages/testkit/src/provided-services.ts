import { inject } from "vitest";

/** Where the services of this test run answer. */
export interface ProvidedServices {
  readonly kafkaBrokers: string;
  readonly redisUrl: string;
  readonly postgresUrl: string;
}

declare module "vitest" {
  interface ProvidedContext {
    tollgateServices: ProvidedServices;
  }
}

/** What the global set-up of this package has started; undefined URLs never occur: it fails instead. */
export function providedServices(): ProvidedServices {
  return inject("tollgateServices");
}
