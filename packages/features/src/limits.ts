/** Every limit of the feature engine, in one place. Each has the reason for its number. */
export const featureLimits = {
  /** 90 days: fraud is judged against a quarter of a year; tiles for more would not fit in 2 KB. */
  maxWindowMs: 7_776_000_000,
  /** A filter is one bit of a 32-bit word in the ring. */
  maxFilters: 32,
  /** The ring is read in one pass for each vector: 256 slots of it cost about as much as all the rest. */
  maxRecentCapacity: 256,
  /** Tiles of one family; a delay that is no round part of its window would need thousands. */
  maxTiles: 512,
  /** What a window is cut into at least: the error of a total is one tile's content, about a twelfth. */
  minTilesPerWindow: 12,
  /** More tiles than this cost more than the precision is worth. */
  maxTilesPerWindow: 60,
  /** Bits of the linear-counting bitmap of one tile: 5 % standard error at 256 values, 11 % at 1,000. */
  bitmapBits: 256,
  /** Fewer transactions than this are no habit to compare with. */
  fewestForNormal: 3,
  /** Two swipes in the same second a street apart are no flight: shorter gaps count as this long. */
  shortestTravelSeconds: 60,
  /** Inputs of one derived feature: passed as arguments, so that nothing is allocated. */
  maxDerivedInputs: 4,
  /** Largest measure of one transaction, in steps: 21 million euros in cents. More counts as this much. */
  maxSteps: 2_147_483_646,
} as const;
