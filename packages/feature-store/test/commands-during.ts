interface Server {
  info(section: string): Promise<string>;
}

/** What a connection says when it begins, and what the figures themselves are asked with. */
const notCounted = new Set(["client", "hello", "info", "ping"]);

/** How often each command ran on a server meanwhile; those of scripts count. */
export async function commandsDuring(
  server: Server,
  work: () => Promise<unknown>,
): Promise<Readonly<Record<string, number>>> {
  const before = await calls(server);
  await work();
  const after = await calls(server);
  const names = Object.keys(after).filter((name) => !notCounted.has(name) && after[name] !== before[name]);
  return Object.fromEntries(names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
}

/** How often a server has read from its clients: once for a pipeline, however many commands it holds. */
export async function readsOf(server: Server): Promise<number> {
  return Number(/total_reads_processed:(\d+)/u.exec(await server.info("stats"))?.[1]);
}

async function calls(server: Server): Promise<Record<string, number>> {
  const found = (await server.info("commandstats")).matchAll(/cmdstat_([^:]+):calls=(\d+)/gu);
  return Object.fromEntries([...found].map(([, name = "", count]) => [name, Number(count)]));
}
