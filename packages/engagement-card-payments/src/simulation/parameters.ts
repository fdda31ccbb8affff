/** Every number that shapes the stream, with its reason. Times are in the unit of the name. */
export const hourMs = 3_600_000;
export const dayMs: number = 24 * hourMs;
export const minuteMs = 60_000;

/** Customers below this make a stream too thin for every pattern; above it memory grows past 500 MB. */
export const customerBounds: { readonly min: number; readonly max: number } = { min: 100, max: 1_000_000 };

export const people = {
  /** Card payments a day: the ECB counts about 0.9 for each card in use in the euro area. */
  paymentsPerDayMedian: 0.8,
  paymentsPerDaySigma: 0.6,
  /** Beyond a few payments a day it is a firm's card, which this stream leaves out. */
  paymentsPerDayMax: 6,
  /** Purchasing power differs between people, and their taste between categories. */
  spendSigma: 0.5,
  tasteSigma: 0.35,
  /** Share of payments made online: about a quarter, nobody none, few everything. */
  onlineShareMean: 0.26,
  onlineShareSpread: 0.3,
  secondCardShare: 0.3,
  secondCardUse: 0.25,
  devicesMax: 3,
  /** The phone comes first; the laptop and the tablet share the rest. */
  mainDeviceUse: 0.88,
  /** A new telephone about every two years, and a browser whose cookies are cleared more often. */
  newDevicesPerYear: 1.6,
  /** A card token that two people of a household use: it may be in two places at once. */
  sharedCardShare: 0.012,
  stayedAtHomeShare: 0.35,
  /** Mobile networks and new leases of the router: the address is often another. */
  changingAddressShare: 0.3,
} as const;

export const habits = {
  /** Favourite shops of a category, first to third; what remains goes anywhere, by popularity. */
  favouriteShares: [0.45, 0.2, 0.1],
  /** Rarely a purchase is many times the usual: a sofa, a wedding, a repair. */
  largePurchaseShare: 0.005,
  largePurchaseFactor: [3.5, 11],
  /** A round of the shops: one in twelve purchases leads to the next within the hour. */
  roundShare: 0.085,
  roundPurchases: [1, 4],
  roundGapMinutes: [4, 38],
  /** Credits bought in a game come in runs of small payments, which look like card testing. */
  gameRunShare: 0.13,
  gameRunPurchases: [2, 6],
  gameRunGapMinutes: [0.6, 7],
  /** Orders by telephone, keyed by the merchant: a tenth of what is ordered in these categories. */
  manualEntryShare: 0.1,
  manualEntryCategories: ["hotels", "restaurants", "telecom"],
  /** The usual limit for paying without a PIN, and how often it is used below and above (by telephone). */
  contactlessLimitEuros: 50,
  contactlessShareBelow: 0.72,
  contactlessShareAbove: 0.2,
} as const;

export const subscriptionHabits = {
  /** Streaming, gymnasium, newspaper: the merchant charges every 30 days, without a device. */
  perCustomerMean: 1.6,
  perCustomerMax: 5,
  periodHours: 720,
} as const;

export const market = {
  merchantsMin: 2,
  webShopsPerThousandCustomers: 1.2,
  webShopsMin: 5,
  /** Zipf's exponents: the first of 40 local shops takes about 12 %, the first web shop 25 % and more. */
  localPopularity: 0.7,
  onlinePopularity: 1.3,
  /** A shop's own price level. */
  priceSigma: 0.22,
  /** Shops lie within this distance of the centre. */
  cityRadiusKilometres: 9,
  terminalsMax: 12,
  checkoutsMax: 4,
  /** Terminals that report the place of the head office: the honest cause of "impossible" travel. */
  misplacedShare: 0.002,
} as const;

export const travel = {
  tripsPerYear: 3.2,
  dayTripShare: 0.45,
  dayTripKilometresMax: 350,
  dayTripHours: [4, 11],
  holidayDays: [2, 13],
  /** Door to door: 70 km/h below this distance, an aircraft and its waiting above. */
  flightKilometresMin: 400,
  groundKilometresPerHour: 75,
  flightKilometresPerHour: 720,
  flightWaitingHours: 2.5,
} as const;

export const campaigns = {
  /** A sale, a charity's television evening, tickets: hundreds of strangers at one checkout in an hour. */
  shareOfPayments: 0.004,
  buyers: [20, 90],
  hours: [0.5, 2.5],
  amountFactor: [0.3, 1.1],
} as const;

export const fraud = {
  /** Fraud as a share of transactions: between ULB's 0.17 % and the Handbook's 0.84 %. */
  share: 0.005,
  /** Payments that follow on others (rounds, runs, subscriptions, campaigns), on top of the base rhythm. */
  followingPayments: 1.23,
  /** Thieves sleep too, a little less than their victims. */
  nightActivity: 0.25,
  /** Mean of that activity over a week. */
  meanActivity: 0.564,
} as const;

export const labels = {
  /** Who finds out first; shares of the reported frauds. */
  sources: { customer: 0.42, issuer: 0.26, analyst: 0.12, chargeback: 0.2 },
  /** Delay from the first fraudulent payment until it is noticed. */
  customerHours: { median: 26, sigma: 1.1, min: 0.3, max: 504 },
  issuerHours: { median: 9, sigma: 1, min: 0.1, max: 168 },
  analystHours: { median: 30, sigma: 0.7, min: 1, max: 240 },
  /** Card schemes allow 120 days; most come within two months. */
  chargebackDays: { median: 21, sigma: 0.6, min: 5, max: 60 },
  /** Once noticed, the payments are entered one after the other. */
  entryMinutesMean: 25,
  /** Honest buyers who deny a purchase: about 3 % of the labels that say fraud are wrong at first. */
  friendlyFraudShare: 0.00012,
  /** Honest payments that an analyst looked at and released. */
  releasedShare: 0.003,
} as const;
