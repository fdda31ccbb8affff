/**
 * Currencies of this engagement: ISO 4217 code → minor-unit exponent and a fixed reference rate to the base
 * currency (euros for one unit). The rates make amounts comparable for features; nothing is settled by them.
 */
const currencies = {
  EUR: { exponent: 2, eurosPerUnit: 1 },
  USD: { exponent: 2, eurosPerUnit: 0.9 },
  GBP: { exponent: 2, eurosPerUnit: 1.16 },
  CHF: { exponent: 2, eurosPerUnit: 1.05 },
  SEK: { exponent: 2, eurosPerUnit: 0.088 },
  NOK: { exponent: 2, eurosPerUnit: 0.086 },
  DKK: { exponent: 2, eurosPerUnit: 0.134 },
  PLN: { exponent: 2, eurosPerUnit: 0.23 },
  CZK: { exponent: 2, eurosPerUnit: 0.04 },
  HUF: { exponent: 2, eurosPerUnit: 0.0025 },
  RON: { exponent: 2, eurosPerUnit: 0.2 },
  TRY: { exponent: 2, eurosPerUnit: 0.022 },
  JPY: { exponent: 0, eurosPerUnit: 0.0058 },
  KWD: { exponent: 3, eurosPerUnit: 2.9 },
  CAD: { exponent: 2, eurosPerUnit: 0.64 },
  AUD: { exponent: 2, eurosPerUnit: 0.59 },
} as const;

/** Minor units of one unit, by the exponent: a power is a call, seven times a score. */
const minorUnits = { 0: 1, 2: 100, 3: 1000 } as const;

export type Currency = keyof typeof currencies;

export const currencyCodes: readonly Currency[] = Object.keys(currencies) as Currency[];

/** An amount in minor units as euros. */
export function amountInEuros(amountMinor: number, currency: Currency): number {
  const { exponent, eurosPerUnit } = currencies[currency];
  return (amountMinor / minorUnits[exponent]) * eurosPerUnit;
}
