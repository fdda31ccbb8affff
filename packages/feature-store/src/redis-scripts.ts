import type { Cluster, Redis } from "ioredis";
import { markRange } from "./first-decisions.ts";
import { versionRange } from "./state-row.ts";

/**
 * Many compare-and-sets in one command, each by itself: a state and its claims are written if the stored
 * checksum and version are still the expected ones. A value that is no string counts as none.
 * KEYS: for each write the state, then its claims. ARGV: seconds of a claim; then for each write the expected
 * version, the row, its seconds, the number of claims, and the claims. Answers 1 or 0 for each write.
 */
const rememberScript: string = `
local written = {}
local key, arg = 1, 2
while key <= #KEYS do
  local claims = tonumber(ARGV[arg + 3])
  local stored = redis.pcall('GETRANGE', KEYS[key], ${versionRange.from}, ${versionRange.to})
  local fits = (type(stored) == 'string' and stored or '') == ARGV[arg]
  if fits then
    redis.call('SET', KEYS[key], ARGV[arg + 1], 'EX', ARGV[arg + 2])
    for i = 1, claims do redis.call('SET', KEYS[key + i], ARGV[arg + 3 + i], 'EX', ARGV[1]) end
  end
  written[#written + 1] = fits and 1 or 0
  key = key + 1 + claims
  arg = arg + 4 + claims
end
return written
`;

/**
 * Keeps each value, but not over one that is marked as another card's: the first decision on an id stays.
 * KEYS: one for each value. ARGV: their seconds, then the values.
 */
const keepScript: string = `
for i = 1, #KEYS do
  local kept = redis.pcall('GETRANGE', KEYS[i], ${markRange.from}, ${markRange.to})
  local marked = type(kept) == 'string' and string.find(kept, '${markRange.opens}', 1, true) == 1
  if not marked or kept == string.sub(ARGV[i + 1], ${markRange.from + 1}, ${markRange.to + 1}) then
    redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[1])
  end
end
`;

/**
 * KEYS: for each transaction its decision, then its claim. ARGV: seconds that the claim is still kept.
 * Answers the first character of each decision, empty where there is none.
 */
const confirmScript: string = `
local places = {}
for i = 1, #KEYS, 2 do
  places[#places + 1] = redis.call('GETRANGE', KEYS[i], 0, 0)
  redis.call('EXPIRE', KEYS[i + 1], ARGV[1])
end
return places
`;

/** Compare-and-set of the generation. KEYS: its key. ARGV: from, to, the number that an absent key means. */
const switchScript: string = `
if (redis.call('GET', KEYS[1]) or ARGV[3]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
`;

/** Makes the scripts commands of a connection: `tollgateRemember`, `…Keep`, `…Confirm`, `…Switch`. */
export function defineScripts(redis: Redis | Cluster): void {
  redis.defineCommand("tollgateRemember", { lua: rememberScript });
  redis.defineCommand("tollgateKeep", { lua: keepScript });
  redis.defineCommand("tollgateConfirm", { lua: confirmScript });
  redis.defineCommand("tollgateSwitch", { lua: switchScript, numberOfKeys: 1 });
}
