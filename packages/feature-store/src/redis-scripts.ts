import { versionRange } from "./state-row.ts";

/**
 * Many compare-and-sets in one command, each by itself: a state and its claims are written if the stored
 * version is still the expected one.
 * KEYS: for each write the state, then its claims. ARGV: seconds of a claim; then for each write the expected
 * version, the row, its seconds, the number of claims, and the claims. Answers 1 or 0 for each write.
 */
export const rememberScript: string = `
local written = {}
local key, arg = 1, 2
while key <= #KEYS do
  local claims = tonumber(ARGV[arg + 3])
  local fits = redis.call('GETRANGE', KEYS[key], ${versionRange.from}, ${versionRange.to}) == ARGV[arg]
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
 * For decisions seen in the log: 1 where the decision is already kept as logged, 0 where it is to be written.
 * Claims are kept no longer than the idempotency window. KEYS: decisions, then claims. ARGV: seconds.
 */
export const confirmScript: string = `
local known = {}
local count = #KEYS / 2
for i = 1, count do
  known[i] = redis.call('GETRANGE', KEYS[i], 0, 0) == 'L' and 1 or 0
  redis.call('EXPIRE', KEYS[count + i], ARGV[1])
end
return known
`;
