/** Words that one word of the bitmap stands for. */
const wordsPerGroup = 32;

/** How many words a bitmap has that stands for so many. */
export function bitmapLength(words: number): number {
  return Math.ceil(words / wordsPerGroup);
}

/**
 * Leaves out the words that are zero: writes a bitmap of which are not, and after it those, in order. Equal
 * words give equal output. Half of a card's state and five sixths of a terminal's are zero.
 * @returns where the output ends.
 */
export function packWords(
  words: Int32Array,
  range: { readonly from: number; readonly until: number },
  packed: Int32Array,
  at: number,
): number {
  const { from, until } = range;
  let next = at + bitmapLength(until - from);
  let group = at;
  for (let first = from; first < until; first += wordsPerGroup) {
    const end = Math.min(first + wordsPerGroup, until);
    let bits = 0;
    for (let position = first; position < end; position += 1) {
      const word = words[position] ?? 0;
      if (word === 0) continue;
      bits |= 1 << (position - first);
      packed[next] = word;
      next += 1;
    }
    packed[group] = bits;
    group += 1;
  }
  return next;
}

/**
 * Where the packed form of so many words ends, by its bitmap; -1 where the bitmap names words beyond them.
 */
export function packedEnd(packed: Int32Array, at: number, words: number): number {
  const groups = bitmapLength(words);
  let set = 0;
  for (let group = 0; group < groups; group += 1) set += bitsSet(packed[at + group] ?? 0);
  const used = words % wordsPerGroup;
  const last = packed[at + groups - 1] ?? 0;
  return used > 0 && last >>> used !== 0 ? -1 : at + groups + set;
}

/** The reverse of {@link packWords}, into words that are all zero, from `from` on. */
export function unpackWords(
  packed: Int32Array,
  at: number,
  words: Int32Array,
  range: { readonly from: number; readonly until: number },
): void {
  const { from, until } = range;
  let next = at + bitmapLength(until - from);
  let group = at;
  for (let first = from; first < until; first += wordsPerGroup) {
    let bits = packed[group] ?? 0;
    group += 1;
    while (bits !== 0) {
      const lowest = bits & -bits;
      words[first + 31 - Math.clz32(lowest)] = packed[next] ?? 0;
      next += 1;
      bits ^= lowest;
    }
  }
}

/** Adds neighbouring bits, pairs, and nibbles in parallel (Warren, Hacker's Delight, 5-1). */
function bitsSet(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
