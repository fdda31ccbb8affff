import type { HistoryLink, ModelRegistry } from "../../src/index.ts";

/** The whole history. */
export async function linksOf(registry: ModelRegistry): Promise<readonly HistoryLink[]> {
  const links: HistoryLink[] = [];
  for await (const link of registry.history.links()) links.push(link);
  return links;
}
