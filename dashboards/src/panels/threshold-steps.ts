import { stateColours } from "./palette.ts";
import type { Panel } from "./panel.ts";

/** From this value on (null: from the lowest) a number is shown in this colour. */
export interface ThresholdStep {
  readonly from: number | null;
  readonly colour: string;
}

/** A panel's thresholds as steps, the lowest first. */
export function stepsOf({ thresholds, badBelow }: Panel): readonly ThresholdStep[] {
  if (badBelow !== undefined) {
    return [
      { from: null, colour: stateColours.bad },
      { from: badBelow, colour: stateColours.good },
    ];
  }
  const { warn, bad } = thresholds ?? {};
  return [
    { from: null, colour: thresholds === undefined ? stateColours.neutral : stateColours.good },
    ...(warn === undefined ? [] : [{ from: warn, colour: stateColours.warn }]),
    ...(bad === undefined ? [] : [{ from: bad, colour: stateColours.bad }]),
  ];
}
