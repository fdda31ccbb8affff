import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { apiLimits } from "./limits.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Several processes listen there, each for itself; the kernel spreads the connections over them. */
  readonly shared?: boolean;
}

/** @returns the port. @throws when it is taken. */
export function listen(server: Server, { host, port, shared = false }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: shared, reusePort: shared }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no new connection, and gives the answers in flight {@link apiLimits.stopMs}. */
export async function stopServing(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const late = setTimeout(() => server.closeAllConnections(), apiLimits.stopMs);
  await closed;
  clearTimeout(late);
}
