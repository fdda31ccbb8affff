export { engagement } from "./card-payments.ts";
export { amountMaxMinor, futureToleranceMs } from "./transaction.ts";
export type { CardPayment } from "./transaction.ts";
export { amountInEuros } from "./currency.ts";
export type { Currency } from "./currency.ts";
export { handbookFeatureSet, handbookPublishedFeatures } from "./handbook-features.ts";
