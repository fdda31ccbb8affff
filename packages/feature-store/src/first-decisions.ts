import type { DecisionEntry, StoredDecision } from "./feature-store.ts";
import { groupsOf } from "./groups-of.ts";
import { keyMark, keyMarkLength } from "./key-mark.ts";
import type { Keys } from "./keys.ts";
import { storeLimits } from "./limits.ts";
import type { KeyedCommand, RedisLink } from "./redis-link.ts";

/** What a stored decision begins with: where it is durable. */
const places = { logged: "L", outbox: "O" } as const;

/** Then the answer, with the mark as a member before its own: builds that know no mark read the answer. */
const markOpens = '{"mark":"';
const markCloses = '",';

/** Bytes of a stored decision that say whose it is, the last one included. */
export const markRange: { readonly from: number; readonly to: number; readonly opens: string } = {
  from: 1,
  to: markOpens.length + keyMarkLength,
  opens: markOpens,
};

/** Writes first decisions; many in one script where one server holds them all. */
export async function keepDecisions(
  link: RedisLink,
  keys: Keys,
  kept: { readonly entries: readonly DecisionEntry[]; readonly seconds: number },
): Promise<void> {
  const { entries, seconds } = kept;
  const size = link.isOneServer ? storeLimits.writesPerScript : 1;
  await link.run(groupsOf(entries, size).map((group) => keepCommand(keys, group, seconds)));
}

function keepCommand(keys: Keys, entries: readonly DecisionEntry[], seconds: number): KeyedCommand {
  const names = entries.map(({ transactionId }) => keys.decision(transactionId));
  const values = entries.map(
    ({ place, partitionKey, answer }) =>
      `${places[place]}${markOpens}${keyMark(partitionKey)}${markCloses}${answer.slice(1)}`,
  );
  return {
    name: "tollgateKeep",
    key: names[0] ?? "",
    args: [names.length, ...names, seconds, ...values],
  };
}

/** A value as it was kept; null for none. */
export function storedDecision(value: Buffer | null): StoredDecision | null {
  if (value === null) return null;
  const place = value.toString("latin1", 0, 1) === places.logged ? "logged" : "outbox";
  const kept = value.toString("utf8", 1);
  if (!kept.startsWith(markOpens)) return { place, mark: null, answer: kept };
  const markEnd = markOpens.length + keyMarkLength;
  const mark = kept.slice(markOpens.length, markEnd);
  return { place, mark, answer: `{${kept.slice(markEnd + markCloses.length)}` };
}

/** The keys of one transaction. */
export interface LoggedKeys {
  readonly decision: string;
  readonly claim: string;
}

/** Whether each is known to be on the log; their claims are kept for `seconds` more. */
export async function confirmLogged(
  link: RedisLink,
  transactions: readonly LoggedKeys[],
  seconds: number,
): Promise<readonly boolean[]> {
  const replies = link.isOneServer
    ? await confirmTogether(link, transactions, seconds)
    : await confirmEach(link, transactions, seconds);
  return transactions.map((_transaction, position) => replies[position] === places.logged);
}

async function confirmTogether(
  link: RedisLink,
  transactions: readonly LoggedKeys[],
  seconds: number,
): Promise<readonly unknown[]> {
  const commands = groupsOf(transactions, storeLimits.writesPerScript).map((group) => {
    const names = group.flatMap(({ decision, claim }) => [decision, claim]);
    return { name: "tollgateConfirm", key: names[0] ?? "", args: [names.length, ...names, seconds] };
  });
  return (await link.run(commands)).flat();
}

/** A decision and its claim lie on different nodes. */
async function confirmEach(
  link: RedisLink,
  transactions: readonly LoggedKeys[],
  seconds: number,
): Promise<readonly unknown[]> {
  return link.run([
    ...transactions.map(({ decision }) => ({ name: "getrange", key: decision, args: [decision, 0, 0] })),
    ...transactions.map(({ claim }) => ({ name: "expire", key: claim, args: [claim, seconds] })),
  ]);
}
