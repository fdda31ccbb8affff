/** Seeded randomness: the same seed gives the same draws on every machine. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  exponential(mean: number): number;
  /** Standard normal. */
  normal(): number;
  /** Log-normal by its median; sigma is the spread of the logarithm. */
  logNormal(median: number, sigma: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** An independent stream of its own: draws taken there never shift the draws here. */
  fork(name: string): Random;
}

/** sfc32: passes PractRand, a few nanoseconds a draw; its first draws are thrown away to spread the seed. */
export function createRandom(seed: number, name = ""): Random {
  const draw = sfc32(mix(seed | 0, 0x9e3779b9), mix(hashText(name), Math.floor(seed / 2 ** 32) | 0));
  const uniform = (): number => ((draw() >>> 5) * 67_108_864 + (draw() >>> 6)) / 9_007_199_254_740_992;
  const normal = (): number => gaussian(1 - uniform(), uniform());
  return {
    uniform,
    normal,
    between: (low, high) => low + uniform() * (high - low),
    integer: (low, high) => low + Math.floor(uniform() * (high - low + 1)),
    chance: (probability) => uniform() < probability,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    pick(items) {
      const index = Math.floor(uniform() * items.length);
      if (index >= items.length) throw new RangeError("cannot pick from nothing");
      return items[index] as (typeof items)[number];
    },
    fork: (child) => createRandom(seed, `${name}/${child}`),
  };
}

/** A fixed uniform number for a triple: a habit that is never stored and never changes. */
export function habitUniform(who: number, what: number, which: number): number {
  return (mix(mix(who, what), which) >>> 0) / 4_294_967_296;
}

/** A fixed standard normal number for a pair. */
export function habitNormal(who: number, what: number): number {
  return gaussian(1 - habitUniform(who, what, 1), habitUniform(who, what, 2));
}

/** Box and Muller's transform. */
function gaussian(positive: number, angle: number): number {
  return Math.sqrt(-2 * Math.log(positive)) * Math.cos(2 * Math.PI * angle);
}

function sfc32(first: number, second: number): () => number {
  let a = first;
  let b = second;
  let c = 0x51f15e;
  let counter = 1;
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum;
  };
  for (let discarded = 0; discarded < 16; discarded += 1) draw();
  return draw;
}

/** Two rounds of murmur3's finaliser. */
function mix(left: number, right: number): number {
  let hash = Math.imul(left ^ Math.imul(right, 0x85ebca6b), 0xcc9e2d51);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
