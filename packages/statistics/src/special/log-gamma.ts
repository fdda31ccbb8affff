const halfLogTwoPi = 0.9189385332046728;
/** From here on seven terms of Stirling's series are exact to the last bit. */
const stirlingFrom = 15;

/** ln Γ(x) for x > 0, to 1e-14. Source: Abramowitz and Stegun 6.1.41, shifted up by 6.1.15 for small x. */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < stirlingFrom) {
    product *= shifted;
    shifted += 1;
  }
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi + stirlingError(shifted);
  return stirling - Math.log(product);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** What Stirling's formula lacks: ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π), for x ≥ 15. */
function stirlingError(x: number): number {
  const square = 1 / (x * x);
  const inner = 1 / 1680 - square * (1 / 1188 - square * (691 / 360_360 - square / 156));
  return (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * inner))) / x;
}

/** x^a e^−x / Γ(a + 1), the size of a Poisson probability; no digits lost for large a (Loader, 2000). */
export function poissonLike(a: number, x: number): number {
  if (a < stirlingFrom) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  const deviance = x - a - a * Math.log1p((x - a) / a);
  return Math.exp(-deviance - stirlingError(a)) / Math.sqrt(2 * Math.PI * a);
}
