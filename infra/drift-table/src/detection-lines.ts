import type { DriftVerdict } from "@tollgate/contracts";
import { tableLines } from "@tollgate/runtime";
import type { DetectionTable } from "./run-table.ts";

/** One row for each planted change. */
export function tableOf({ changes }: DetectionTable): readonly string[] {
  const header = [
    "kind",
    "planted",
    "should alarm",
    "alarm after",
    "window",
    "first three named",
    "first alarm",
    "response",
  ];
  const rows = changes.map(({ change, hours, found, isFirst, verdict }) => [
    change.kind,
    change.name,
    change.shouldAlarm ? "yes" : "no",
    hours === undefined ? "never" : `${hours} h`,
    verdict?.window.kind ?? "",
    found.join(", "),
    change.shouldAlarm ? (isFirst ? "yes" : "no") : "",
    verdict?.response.action ?? "",
  ]);
  return tableLines(header, rows);
}

export interface TableFigures {
  readonly detected: number;
  readonly shouldDetect: number;
  readonly firstAlarmNamed: number;
  readonly wrongAlarms: number;
  readonly falseAlarms90Days: number;
  readonly warnings90Days: number;
  readonly inconclusive90Days: number;
  readonly medianHoursToDetection: number;
}

/** The figures of the last line. `falseAlarms90Days` counts every window that was judged drifted. */
export function tableFigures({ changes, healthy }: DetectionTable): TableFigures {
  const should = changes.filter(({ change }) => change.shouldAlarm);
  const detected = should.filter(({ hours }) => hours !== undefined);
  const hours = detected.map((one) => one.hours ?? 0).toSorted((a, b) => a - b);
  const count = (status: DriftVerdict["status"]): number =>
    healthy.filter((verdict) => verdict.status === status).length;
  return {
    detected: detected.length,
    shouldDetect: should.length,
    firstAlarmNamed: should.filter(({ isFirst }) => isFirst).length,
    wrongAlarms: changes.filter(({ change, alarms }) => !change.shouldAlarm && alarms.length > 0).length,
    falseAlarms90Days: countAlarms(healthy).length,
    warnings90Days: count("warning"),
    inconclusive90Days: count("inconclusive"),
    medianHoursToDetection: hours[Math.floor(hours.length / 2)] ?? Number.NaN,
  };
}

export function countAlarms(verdicts: readonly DriftVerdict[]): readonly DriftVerdict[] {
  return verdicts.filter(({ status }) => status === "drifted");
}
