/**
 * Merchant category codes (ISO 18245) where stolen cards are turned into money: jewellery, electronics,
 * money transfer, quasi-cash, digital goods, gambling, gift cards.
 */
const highRiskCodes: ReadonlySet<string> = new Set([
  "4829",
  "5094",
  "5732",
  "5815",
  "5816",
  "5817",
  "5944",
  "6051",
  "6211",
  "6540",
  "7995",
]);

/** Unattended or fast checkouts where stolen cards are tried first: fuel, vending, parking, charity. */
const testingCodes: ReadonlySet<string> = new Set(["5542", "5814", "7523", "8398"]);

export function isHighRiskCategory(merchantCategoryCode: string): boolean {
  return highRiskCodes.has(merchantCategoryCode);
}

export function isTestingCategory(merchantCategoryCode: string): boolean {
  return testingCodes.has(merchantCategoryCode);
}
