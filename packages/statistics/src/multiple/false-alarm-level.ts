import { assertWhole } from "../checks.ts";
import { StatisticsError } from "../errors.ts";

/**
 * The level for one test in one window, so that without any change one false alarm is expected in every
 * `windowsPerFalseAlarm` windows over all `tests`: 1 − (1 − 1/windows)^(1/tests), for independent tests; for
 * dependent ones false alarms are rarer. "1 a month" with hourly windows is 730. Source: Alibi Detect's ERT.
 */
export function falseAlarmLevel({
  windowsPerFalseAlarm,
  tests,
}: {
  readonly windowsPerFalseAlarm: number;
  readonly tests: number;
}): number {
  assertWhole(tests, 1, "tests");
  if (!(windowsPerFalseAlarm > 1)) {
    throw new StatisticsError(
      "OUT_OF_RANGE",
      `windowsPerFalseAlarm is ${windowsPerFalseAlarm}, must exceed 1`,
    );
  }
  return -Math.expm1(Math.log1p(-1 / windowsPerFalseAlarm) / tests);
}
