import { hashOf, noHash, type HistoryLink } from "./history-link.ts";

/** Whether a chain holds, and where it does not. */
export interface ChainVerdict {
  /** Links that hold, from the first on. */
  readonly links: number;
  /** Hash of the last one that holds. Kept elsewhere, it proves later that nothing was cut off. */
  readonly head: string;
  /** The first link that does not hold. */
  readonly broken: { readonly sequence: number; readonly reason: string } | undefined;
}

/**
 * Goes along the chain until a link does not hold.
 * @param expectedHead a head that was seen earlier: it must be in the chain.
 */
export async function verifyChain(
  links: AsyncIterable<HistoryLink>,
  expectedHead?: string,
): Promise<ChainVerdict> {
  let count = 0;
  let head = noHash;
  let at = "";
  let headSeen = expectedHead === undefined;
  for await (const link of links) {
    const reason = faultOf(link, { sequence: count + 1, head, at });
    if (reason !== undefined) return { links: count, head, broken: { sequence: count + 1, reason } };
    count += 1;
    head = link.hash;
    at = link.at;
    headSeen ||= head === expectedHead;
  }
  if (headSeen) return { links: count, head, broken: undefined };
  const reason = `the chain ends here without the head ${expectedHead}: links were cut off or replaced`;
  return { links: count, head, broken: { sequence: count + 1, reason } };
}

function faultOf(
  link: HistoryLink,
  expected: { readonly sequence: number; readonly head: string; readonly at: string },
): string | undefined {
  if (link.sequence !== expected.sequence) {
    return `link ${expected.sequence} is not there, ${link.sequence} follows`;
  }
  if (link.previousHash !== expected.head) return "it names another link as the one before it";
  if (link.hash !== hashOf(link)) return "its hash is not that of its content: it was changed";
  return link.at < expected.at ? "it is older than the link before it" : undefined;
}
