import { select } from "../metrics/select.ts";
import { stateColours } from "./palette.ts";

/** Moments that are marked on every picture, so that a step in a line is seen beside its cause. */
export interface Mark {
  readonly name: string;
  /** PromQL with a value while the moment lasts. */
  readonly expression: string;
  /** Text beside it; `{{label}}` is the series' own. */
  readonly text: string;
  readonly colour: string;
}

const serving = `max by (model, version) (${select("modelInfo")}) == 1`;
// Longer than the widest step of the pictures: a shorter one would fall between two points.
const before = `max by (model, version) (${select("modelInfo")} offset 2m) == 1`;

export const marks: readonly Mark[] = [
  {
    name: "Model swaps",
    expression: `(${serving}) unless (${before})`,
    text: "{{model}}@{{version}} serves",
    colour: stateColours.neutral,
  },
  {
    name: "Drift",
    expression: `max by (model, version, window, feature) (${select("driftAlarm")}) == 1`,
    text: "{{feature}} of {{model}}@{{version}} drifted ({{window}})",
    colour: stateColours.bad,
  },
];
