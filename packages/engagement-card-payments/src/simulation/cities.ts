import type { Currency } from "../currency.ts";

/** A city where people live, or only travel to. */
export interface City {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly currency: Currency;
  readonly latitude: number;
  readonly longitude: number;
  /** Standard time; summer time is left out: it would only shift the day by an hour. */
  readonly utcOffsetHours: number;
  /** Share of the simulated cardholders, relative: the city's inhabitants in 100,000; 0 for far places. */
  readonly homeWeight: number;
  /** How often it is a traveller's destination, relative. */
  readonly visitWeight: number;
  /** Share of terminals that still read the magnetic stripe. */
  readonly stripeShare: number;
}

const city = (
  name: string,
  [country, currency, utcOffsetHours]: readonly [string, Currency, number],
  [latitude, longitude]: readonly [number, number],
  [homeWeight, visitWeight]: readonly [number, number],
  stripeShare = 0.006,
): City => ({
  name,
  country,
  currency,
  utcOffsetHours,
  latitude,
  longitude,
  homeWeight,
  visitWeight,
  stripeShare,
});

const germany = ["DE", "EUR", 1] as const;
const france = ["FR", "EUR", 1] as const;
const italy = ["IT", "EUR", 1] as const;
const spain = ["ES", "EUR", 1] as const;
const britain = ["GB", "GBP", 0] as const;
const poland = ["PL", "PLN", 1] as const;
const states = ["US", "USD", -5] as const;

/** Stripe terminals are rare in Europe and still common in the United States. */
const stripeInStates = 0.08;

export const cities: readonly City[] = [
  city("Berlin", germany, [52.52, 13.405], [36, 9]),
  city("Hamburg", germany, [53.551, 9.994], [19, 5]),
  city("Munich", germany, [48.137, 11.575], [15, 7]),
  city("Cologne", germany, [50.938, 6.96], [11, 4]),
  city("Frankfurt", germany, [50.11, 8.682], [8, 6]),
  city("Leipzig", germany, [51.34, 12.375], [6, 2]),
  city("Paris", france, [48.857, 2.352], [21, 14]),
  city("Lyon", france, [45.764, 4.836], [5, 3]),
  city("Marseille", france, [43.296, 5.37], [9, 4]),
  city("Lille", france, [50.629, 3.057], [3, 1]),
  city("Rome", italy, [41.903, 12.496], [28, 10]),
  city("Milan", italy, [45.464, 9.19], [14, 7]),
  city("Naples", italy, [40.852, 14.268], [9, 4]),
  city("Madrid", spain, [40.417, -3.704], [33, 7]),
  city("Barcelona", spain, [41.385, 2.173], [16, 11]),
  city("Valencia", spain, [39.47, -0.376], [8, 4]),
  city("Palma", spain, [39.57, 2.65], [4, 9]),
  city("Lisbon", ["PT", "EUR", 0], [38.722, -9.139], [6, 6]),
  city("Porto", ["PT", "EUR", 0], [41.158, -8.629], [3, 3]),
  city("Amsterdam", ["NL", "EUR", 1], [52.368, 4.904], [9, 8]),
  city("Rotterdam", ["NL", "EUR", 1], [51.924, 4.478], [7, 2]),
  city("Brussels", ["BE", "EUR", 1], [50.85, 4.352], [12, 5]),
  city("Antwerp", ["BE", "EUR", 1], [51.22, 4.4], [5, 2]),
  city("Vienna", ["AT", "EUR", 1], [48.208, 16.374], [19, 7]),
  city("Salzburg", ["AT", "EUR", 1], [47.811, 13.055], [2, 3]),
  city("Dublin", ["IE", "EUR", 0], [53.35, -6.26], [6, 4]),
  city("Helsinki", ["FI", "EUR", 2], [60.17, 24.938], [7, 2]),
  city("Athens", ["GR", "EUR", 2], [37.984, 23.728], [7, 6]),
  city("London", britain, [51.507, -0.128], [88, 14]),
  city("Manchester", britain, [53.48, -2.242], [6, 3]),
  city("Edinburgh", britain, [55.953, -3.188], [5, 4]),
  city("Zurich", ["CH", "CHF", 1], [47.377, 8.541], [4, 4]),
  city("Geneva", ["CH", "CHF", 1], [46.204, 6.143], [2, 2]),
  city("Stockholm", ["SE", "SEK", 1], [59.329, 18.069], [10, 3]),
  city("Gothenburg", ["SE", "SEK", 1], [57.709, 11.975], [6, 1]),
  city("Oslo", ["NO", "NOK", 1], [59.914, 10.752], [7, 2]),
  city("Copenhagen", ["DK", "DKK", 1], [55.676, 12.568], [6, 4]),
  city("Warsaw", poland, [52.23, 21.012], [18, 3]),
  city("Krakow", poland, [50.065, 19.945], [8, 4]),
  city("Prague", ["CZ", "CZK", 1], [50.076, 14.438], [13, 7]),
  city("Budapest", ["HU", "HUF", 1], [47.498, 19.04], [17, 5]),
  city("Bucharest", ["RO", "RON", 2], [44.427, 26.103], [17, 2]),
  city("Istanbul", ["TR", "TRY", 3], [41.008, 28.978], [0, 6]),
  city("Antalya", ["TR", "TRY", 3], [36.897, 30.713], [0, 6]),
  city("New York", states, [40.713, -74.006], [0, 4], stripeInStates),
  city("Miami", states, [25.762, -80.192], [0, 2], stripeInStates),
  city("Los Angeles", ["US", "USD", -8], [34.052, -118.244], [0, 2], stripeInStates),
  city("Toronto", ["CA", "CAD", -5], [43.653, -79.383], [0, 1], 0.02),
  city("Tokyo", ["JP", "JPY", 9], [35.677, 139.65], [0, 1.5], 0.02),
  city("Sydney", ["AU", "AUD", 10], [-33.869, 151.209], [0, 1]),
  city("Kuwait City", ["KW", "KWD", 3], [29.376, 47.977], [0, 0.5], 0.02),
];
