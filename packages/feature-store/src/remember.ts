import type { BaseTransaction } from "@tollgate/contracts";
import { encodeClaim } from "./claim.ts";
import type { StateWrite } from "./feature-store.ts";
import type { GenerationKeys } from "./keys.ts";
import { storeLimits } from "./limits.ts";
import type { KeyedCommand } from "./redis-link.ts";
import type { RowCodec } from "./row-codec.ts";

/** One compare-and-set as the script takes it. */
export interface ScriptWrite {
  /** The state, then its claims: all of one hash tag. */
  readonly keys: readonly string[];
  readonly values: readonly (Buffer | number)[];
}

export function scriptWriteOf<T extends BaseTransaction>(
  context: { readonly generation: GenerationKeys; readonly rowCodec: RowCodec },
  write: StateWrite<T>,
): ScriptWrite {
  const { generation, rowCodec } = context;
  const { entity, key, expectedVersion, row, claims } = write;
  const retentionSeconds = Math.ceil(entity.retentionMs / 1000);
  return {
    keys: [
      generation.state(entity.name, key),
      ...claims.map(({ transactionId }) => generation.claim(key, transactionId)),
    ],
    values: [
      expectedVersion,
      rowCodec.encode(entity, row),
      retentionSeconds,
      claims.length,
      ...claims.map(({ claim }) => encodeClaim(claim)),
    ],
  };
}

/** One call of the script for one or more writes. */
export function rememberCommand(writes: readonly ScriptWrite[]): KeyedCommand {
  const keys = writes.flatMap((write) => write.keys);
  const values = writes.flatMap((write) => write.values);
  const args = [keys.length, ...keys, storeLimits.claimRetentionSeconds, ...values];
  return { name: "tollgateRemember", key: keys[0] ?? "", args };
}
