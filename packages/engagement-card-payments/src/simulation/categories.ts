/** When people buy it: weights of the night (from 0 h), morning (6 h), afternoon (12 h), evening (18 h). */
type DayProfile = readonly [number, number, number, number];

const always: DayProfile = [1, 1, 1, 1];
const daytime: DayProfile = [0.1, 1, 1.2, 0.6];
const commuting: DayProfile = [0.6, 1.4, 1.1, 0.6];
const meals: DayProfile = [0.3, 0.7, 1.1, 1.5];
const goingOut: DayProfile = [2.5, 0.1, 0.5, 2];
const atHome: DayProfile = [1.2, 0.8, 0.9, 1.4];

/** What is bought: a merchant category (ISO 18245) with the size and habits of its payments. */
export interface SpendCategory {
  readonly index: number;
  readonly code: string;
  readonly name: string;
  readonly medianEuros: number;
  /** Spread of the logarithm of the amount. */
  readonly sigma: number;
  /** How often, relative, at a terminal and in web shops. */
  readonly presentWeight: number;
  readonly onlineWeight: number;
  readonly dayProfile: DayProfile;
  /** Merchants with a place for a thousand inhabitants of the simulation. */
  readonly merchantsPerThousand: number;
  /** What a thief turns into money, or uses at once; relative, 0 for what he has no use for. */
  readonly thiefWeight: number;
  /** A shop whose next shop is around the corner: people make a round of it. */
  readonly onShoppingRound: boolean;
}

interface CategoryRow {
  readonly code: string;
  readonly amount: readonly [medianEuros: number, sigma: number];
  readonly weight: readonly [present: number, online: number];
  readonly when: DayProfile;
  readonly merchants?: number;
  readonly thief?: number;
  readonly round?: boolean;
}

const rows: Readonly<Record<string, CategoryRow>> = {
  groceries: {
    code: "5411",
    amount: [24, 0.75],
    weight: [30, 3],
    when: daytime,
    merchants: 2,
    thief: 3,
    round: true,
  },
  convenience: { code: "5499", amount: [8, 0.6], weight: [10, 0], when: commuting, merchants: 2, thief: 2 },
  restaurants: { code: "5812", amount: [30, 0.6], weight: [9, 9], when: meals, merchants: 3, thief: 1 },
  fastFood: { code: "5814", amount: [10.5, 0.5], weight: [12, 2], when: meals, merchants: 2, thief: 1 },
  bars: { code: "5813", amount: [16, 0.7], weight: [4, 0], when: goingOut, merchants: 1, thief: 0.5 },
  fuel: { code: "5541", amount: [48, 0.45], weight: [5, 0], when: commuting, merchants: 1, thief: 2 },
  automatedFuel: { code: "5542", amount: [52, 0.4], weight: [3, 0], when: always, merchants: 0.7, thief: 2 },
  pharmacies: {
    code: "5912",
    amount: [17, 0.7],
    weight: [5, 1],
    when: daytime,
    merchants: 1,
    thief: 1,
    round: true,
  },
  clothing: {
    code: "5651",
    amount: [50, 0.75],
    weight: [4, 8],
    when: daytime,
    merchants: 2,
    thief: 4,
    round: true,
  },
  electronics: {
    code: "5732",
    amount: [120, 1],
    weight: [1.2, 4],
    when: daytime,
    merchants: 0.5,
    thief: 7,
    round: true,
  },
  jewellery: {
    code: "5944",
    amount: [130, 0.95],
    weight: [0.35, 0.3],
    when: daytime,
    merchants: 0.4,
    thief: 3,
    round: true,
  },
  doItYourself: {
    code: "5200",
    amount: [42, 0.9],
    weight: [2.5, 1.5],
    when: daytime,
    merchants: 0.5,
    thief: 1,
  },
  furniture: {
    code: "5712",
    amount: [180, 0.9],
    weight: [0.5, 0.7],
    when: daytime,
    merchants: 0.3,
    thief: 0.3,
  },
  cashMachines: { code: "6011", amount: [80, 0.6], weight: [4, 0], when: always, merchants: 1, thief: 3 },
  transit: { code: "4111", amount: [3.4, 0.5], weight: [6, 2], when: commuting, merchants: 0.3 },
  parking: { code: "7523", amount: [5, 0.6], weight: [3, 3], when: commuting, merchants: 0.6 },
  hotels: { code: "7011", amount: [150, 0.7], weight: [0.8, 1.2], when: always, merchants: 0.6, thief: 0.7 },
  cinemas: { code: "7832", amount: [22, 0.4], weight: [0.8, 1], when: goingOut, merchants: 0.2 },
  hairdressers: { code: "7230", amount: [34, 0.5], weight: [1, 0], when: daytime, merchants: 1, round: true },
  doctors: { code: "8011", amount: [60, 0.7], weight: [0.8, 0], when: daytime, merchants: 0.8 },
  tobacco: {
    code: "5993",
    amount: [14, 0.6],
    weight: [1.5, 0],
    when: daytime,
    merchants: 0.6,
    thief: 2,
    round: true,
  },
  betting: { code: "7995", amount: [32, 1], weight: [0.4, 1], when: atHome, merchants: 0.2, thief: 1.5 },
  marketplaces: { code: "5399", amount: [29, 0.9], weight: [0, 22], when: atHome, thief: 6 },
  digitalMedia: { code: "5815", amount: [9, 0.6], weight: [0, 6], when: atHome, thief: 2 },
  games: { code: "5816", amount: [8, 0.9], weight: [0, 6], when: atHome, thief: 2.5 },
  airlines: { code: "4511", amount: [190, 0.7], weight: [0, 1.5], when: atHome, thief: 2 },
  travelAgencies: { code: "4722", amount: [240, 0.8], weight: [0, 0.8], when: atHome, thief: 1 },
  taxis: { code: "4121", amount: [16, 0.5], weight: [1, 8], when: goingOut, merchants: 0.4, thief: 2 },
  charities: { code: "8398", amount: [15, 0.8], weight: [0, 0.8], when: atHome },
  subscriptions: { code: "5968", amount: [13, 0.4], weight: [0, 0.3], when: always },
  telecom: { code: "4814", amount: [20, 0.5], weight: [0, 2], when: atHome, thief: 2 },
  giftCards: { code: "6540", amount: [40, 0.7], weight: [0, 0.7], when: atHome, thief: 5 },
  books: { code: "5942", amount: [21, 0.6], weight: [0.6, 2], when: daytime, merchants: 0.4, round: true },
  moneyTransfers: { code: "4829", amount: [120, 0.8], weight: [0, 0.7], when: atHome, thief: 2.5 },
};

export const categories: readonly SpendCategory[] = Object.entries(rows).map(([name, row], index) => ({
  index,
  name,
  code: row.code,
  medianEuros: row.amount[0],
  sigma: row.amount[1],
  presentWeight: row.weight[0],
  onlineWeight: row.weight[1],
  dayProfile: row.when,
  merchantsPerThousand: row.merchants ?? 0,
  thiefWeight: row.thief ?? 0,
  onShoppingRound: row.round ?? false,
}));

/** The category of that name; throws when there is none. */
export function categoryNamed(name: keyof typeof rows): SpendCategory {
  const found = categories.find((category) => category.name === name);
  if (found === undefined) throw new RangeError(`no spend category is named ${name}`);
  return found;
}
