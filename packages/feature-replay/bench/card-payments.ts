import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { loadEngagement } from "@tollgate/scoring";

const loaded = await loadEngagement("@tollgate/engagement-card-payments");

/** The default engagement, loaded as an app loads it: a platform package imports none. */
export const compiled: CompiledEngagement<BaseTransaction> = loaded.compiled;
