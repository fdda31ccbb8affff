import { stateMemory, type StateMemory } from "@tollgate/features";
import { storeLimits } from "./limits.ts";

/** The answer to the reads that were joined: one caller's values begin at its own offset. */
export interface JoinedValues {
  readonly values: readonly (Buffer | null)[];
  readonly offset: number;
  /** Memory for what all callers want to unpack: the states of one trip die together. */
  readonly memory: StateMemory;
}

/** @param memoryBytes what the values of these keys will take when they are unpacked; a multiple of 8. */
export type JoinedRead = (keys: readonly string[], memoryBytes: number) => Promise<JoinedValues>;

interface Waiting {
  readonly offset: number;
  readonly resolve: (values: JoinedValues) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins the reads of one event-loop turn into one request: what arrives together costs one command, not one
 * each. Nothing waits for a trip that is under way: ioredis's own automatic pipelining sends the next
 * pipeline only when the last one is answered.
 * @param always a key that is read with every request; its value is the first.
 */
export function joinReads(
  read: (keys: readonly string[]) => Promise<readonly (Buffer | null)[]>,
  always: string,
): JoinedRead {
  let keys: string[] = [always];
  let waiting: Waiting[] = [];
  let memoryBytes = 0;
  let scheduled: NodeJS.Immediate | undefined;

  const send = (): void => {
    clearImmediate(scheduled);
    scheduled = undefined;
    const sent = waiting;
    const asked = { keys, memoryBytes };
    waiting = [];
    keys = [always];
    memoryBytes = 0;
    void settle(read(asked.keys), { waiting: sent, memoryBytes: asked.memoryBytes });
  };

  return (wanted, wantedBytes) =>
    new Promise((resolve, reject) => {
      // The reads of one caller are never split: its round trip stays one.
      if (waiting.length > 0 && keys.length + wanted.length > storeLimits.keysPerRead) send();
      waiting.push({ offset: keys.length, resolve, reject });
      for (const key of wanted) keys.push(key);
      memoryBytes += wantedBytes;
      scheduled ??= setImmediate(send);
    });
}

async function settle(
  reading: Promise<readonly (Buffer | null)[]>,
  { waiting, memoryBytes }: { readonly waiting: readonly Waiting[]; readonly memoryBytes: number },
): Promise<void> {
  try {
    const values = await reading;
    const memory = stateMemory(memoryBytes);
    for (const { offset, resolve } of waiting) resolve({ values, offset, memory });
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}
