import type { CardPayment } from "@tollgate/engagement-card-payments";
import type { Engagement } from "@tollgate/engagement";
import type { Environment } from "@tollgate/runtime";
import type { LoadOptions } from "./load-options.ts";
import type { K6 } from "./obtain-k6.ts";
import type { SwapModels } from "./swap-models.ts";
import type { Profile } from "./profiles.ts";

/** What every kind of run is given. */
export interface RunContext {
  readonly profile: Profile;
  readonly options: LoadOptions;
  readonly engagement: Engagement<CardPayment>;
  readonly k6: K6;
  /** Of this run alone. */
  readonly folder: string;
  readonly environment: Environment;
  /** Of the profile `swap`. */
  readonly models: SwapModels | undefined;
  readonly stop: AbortSignal;
  readonly say: (line: string) => void;
}
