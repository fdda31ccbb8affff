import { canonicalJson } from "./canonical-json.ts";
import { sha256Hex } from "./sha256-hex.ts";

/** `published`: a version came; `alias`: one was moved; `tag`: set; `role`: given to an identity. */
export type HistoryKind = "published" | "alias" | "tag" | "role";

/** What happened. */
export interface HistoryEntry {
  readonly kind: HistoryKind;
  /** Empty for a role, which is for all models. */
  readonly model: string;
  readonly version: number | null;
  /** Root digest of the version. */
  readonly digest: string | null;
  /** The alias, the tag's name, or the identity that gets the roles. */
  readonly subject: string | null;
  /** The tag's value, or the roles separated by commas. */
  readonly value: string | null;
}

/** Who did it, and why. */
export interface HistoryActor {
  readonly who: string;
  readonly why: string;
}

/** One link of the chain. `hash` covers everything else, and through `previousHash` all links before. */
export interface HistoryLink extends HistoryEntry, HistoryActor {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** The login that wrote it, by the database's word; the machine's user in a file. */
  readonly login: string;
  /** RFC 3339 in UTC with milliseconds; never before the link before. */
  readonly at: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** What the first link names as the one before it. */
export const noHash: string = "0".repeat(64);

/** The link that follows, complete with its hash. */
export function linkAfter(
  previous: Pick<HistoryLink, "sequence" | "hash"> | undefined,
  content: Omit<HistoryLink, "sequence" | "previousHash" | "hash">,
): HistoryLink {
  const sequence = (previous?.sequence ?? 0) + 1;
  const unhashed = { ...content, sequence, previousHash: previous?.hash ?? noHash };
  return { ...unhashed, hash: hashOf(unhashed) };
}

/** SHA-256 of the link's canonical JSON without its hash. */
export function hashOf(link: Omit<HistoryLink, "hash">): string {
  const { sequence, kind, model, version, digest, subject, value } = link;
  const { who, login, why, at, previousHash } = link;
  const event = { sequence, kind, model, version, digest, subject, value };
  return sha256Hex(canonicalJson({ ...event, who, login, why, at, previousHash }));
}
