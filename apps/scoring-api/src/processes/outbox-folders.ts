import { existsSync } from "node:fs";
import { openOutbox } from "@tollgate/event-log";
import type { Clock, Logger } from "@tollgate/runtime";
import { apiLimits } from "../limits.ts";

/** An outbox belongs to one process; the first keeps the folder of a service with one process only. */
export function outboxFolderOf(folder: string, place: number): string {
  return place === 0 ? folder : `${folder}-process-${place}`;
}

/**
 * Decisions that a service with more processes left behind would never reach the log.
 * @throws when there are any, with what to do.
 */
export async function assertNothingLeftBehind(options: {
  readonly folder: string;
  readonly processes: number;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<void> {
  for (let place = options.processes; place < apiLimits.processes; place += 1) {
    const folder = outboxFolderOf(options.folder, place);
    if (!existsSync(folder)) continue;
    const outbox = await openOutbox({ folder, clock: options.clock, logger: options.logger });
    const { pendingCount } = outbox;
    await outbox.close();
    if (pendingCount === 0) continue;
    throw new Error(
      `${pendingCount} decisions of an earlier run wait in ${folder}: start once with ` +
        `TOLLGATE_PROCESSES=${place + 1} until tollgate_outbox_pending_records is 0`,
    );
  }
}
