import { prepareDriftPeers } from "./prepare-drift-peers.ts";
import { repositoryPath, runPython } from "./python-tool.ts";

/** For each stream: what the tool's defaults say of each day. */
export interface PeerVerdicts {
  readonly evidently: {
    /** At least half of the columns drifted. */
    readonly dataset: Readonly<Record<string, readonly boolean[]>>;
    /** Names of the columns that drifted. */
    readonly column: Readonly<Record<string, readonly (readonly string[])[]>>;
  };
  readonly nannyml: { readonly column: Readonly<Record<string, readonly (readonly string[])[]>> };
}

/** Evidently and NannyML with their defaults on the same days; or why they could not be run. */
export async function askPeers(folder: string): Promise<PeerVerdicts | { readonly skipped: string }> {
  try {
    const python = await prepareDriftPeers();
    const line = await runPython(python, [
      repositoryPath("infra/drift-table/peers/default_monitors.py"),
      folder,
    ]);
    return JSON.parse(line) as PeerVerdicts;
  } catch (error) {
    const [reason = ""] = (error as Error).message.trim().split("\n").slice(-1);
    return { skipped: `not compared (${reason}): it needs Python 3.11 to 3.13 and pip` };
  }
}

/** What a tool's days come to: the first day with an alarm, whether it names a right column, and how many. */
export function summarise(
  days: readonly (readonly string[])[],
  named: readonly string[],
): { readonly firstDay: number | undefined; readonly isNamed: boolean; readonly alarmDays: number } {
  const first = days.findIndex((columns) => columns.length > 0);
  const columns = days[first] ?? [];
  return {
    firstDay: first < 0 ? undefined : first + 1,
    isNamed: columns.some((column) => named.includes(column)),
    alarmDays: days.filter((of) => of.length > 0).length,
  };
}
