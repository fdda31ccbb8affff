import { probe } from "./run-tool.ts";

/** How a command is run without the rights of root. */
export interface OrdinaryUser {
  /** Put before a command. */
  readonly prefix: readonly string[];
  /** Who owns the data, or undefined when this process is an ordinary user already. */
  readonly userId?: number;
}

/** Debian's and every other system's user without rights. */
const nobodyId = 65_534;

/**
 * PostgreSQL refuses to run as root. When this process is root, finds a way to run `command` as another
 * user; undefined when there is none. The command must end well when it is run (`postgres --version`).
 */
export function ordinaryUserFor(command: readonly string[]): OrdinaryUser | undefined {
  if (process.getuid?.() !== 0) return probe(command) === undefined ? undefined : { prefix: [] };
  const userId = Number(probe(["id", "-u", "postgres"]) ?? nobodyId);
  const change = ["setpriv", `--reuid=${userId}`, `--regid=${userId}`, "--clear-groups"];
  // A checkout below /root or `mktemp -d` is closed to other users: the capability opens the way to it.
  const pass = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  const prefix = [[...change, ...pass], change].find((candidate) => probe([...candidate, ...command]) !== undefined);
  return prefix === undefined ? undefined : { prefix, userId };
}
