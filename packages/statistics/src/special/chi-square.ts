import { assertBetween } from "../checks.ts";
import { bisectFalling, upperBracket } from "./bisect.ts";
import { upperGamma } from "./incomplete-gamma.ts";

/** P(X > x) of the chi-square distribution with `degrees` > 0 degrees of freedom. */
export function chiSquareSurvival(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

/** The x with P(X > x) = survival, 0 < survival < 1. */
export function chiSquareCritical(survival: number, degrees: number): number {
  assertBetween(survival, 0, 1, "survival");
  const excess = (x: number): number => chiSquareSurvival(x, degrees) - survival;
  return bisectFalling(excess, 0, upperBracket(excess, degrees));
}
