import { probe } from "./run-tool.ts";

/** How a command is run without the rights of root. */
export interface OrdinaryUser {
  /** Put before a command. */
  readonly prefix: readonly string[];
  /** Who must own the data; undefined when it belongs to the user of this process. */
  readonly userId?: number;
}

/** The user without rights of every Linux system. */
const nobodyId = 65_534;

/**
 * PostgreSQL refuses to run as root. When this process is root, finds a way to run a command in a folder as
 * another user; undefined when there is none. The command must end well when run (`postgres --version`).
 */
export function ordinaryUserFor(command: readonly string[], folder: string): OrdinaryUser | undefined {
  const candidates = process.getuid?.() === 0 ? waysOutOfRoot() : [{ prefix: [] }];
  const enterAndRun = ["sh", "-c", 'cd "$0" && exec "$@"', folder, ...command];
  return candidates.find(({ prefix }) => probe([...prefix, ...enterAndRun]) !== undefined);
}

function waysOutOfRoot(): readonly OrdinaryUser[] {
  const userId = Number(probe(["id", "-u", "postgres"]) ?? nobodyId);
  return [
    { prefix: ["setpriv", `--reuid=${userId}`, `--regid=${userId}`, "--clear-groups"], userId },
    // A checkout below /root or in `mktemp -d` is closed to others: here root only looks like another user.
    { prefix: ["unshare", "--user", `--map-user=${nobodyId}`, `--map-group=${nobodyId}`] },
  ];
}
