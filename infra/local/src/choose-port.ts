import { createServer } from "node:net";

import { portAttempts, portRange } from "./limits.ts";
import { portOwner } from "./port-owner.ts";
import { StackError } from "./stack-error.ts";

export interface PortChoice {
  readonly port: number;
  /** Set when the preferred port was busy: which one, and who has it. */
  readonly busy?: { readonly port: number; readonly owner: string | undefined };
}

export interface PortOptions {
  /** Taken when it is free. */
  readonly preferred?: number | undefined;
  /** Ports that another service of the same start has been given; the chosen one is added. */
  readonly taken: Set<number>;
}

/** Chooses a free loopback port: the preferred one, else a random one of the range. */
export async function choosePort(options: PortOptions): Promise<PortChoice> {
  const { preferred, taken } = options;
  if (preferred !== undefined && (await claim(preferred, taken))) return { port: preferred };
  for (let attempt = 0; attempt < portAttempts; attempt += 1) {
    const port = portRange.first + Math.floor(Math.random() * (portRange.last - portRange.first));
    if (!(await claim(port, taken))) continue;
    if (preferred === undefined) return { port };
    return { port, busy: { port: preferred, owner: portOwner(preferred) } };
  }
  throw new StackError(`no free port from ${portRange.first} to ${portRange.last}: end what listens there.`);
}

async function claim(port: number, taken: Set<number>): Promise<boolean> {
  if (taken.has(port)) return false;
  taken.add(port);
  const free = await isPortFree(port);
  if (!free) taken.delete(port);
  return free;
}

/** Whether a loopback port can be listened on now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
