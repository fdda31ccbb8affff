import { tableLines } from "@tollgate/runtime";
import { kindsOfChange } from "./kinds-of-change.ts";
import { summarise, type PeerVerdicts } from "./peer-verdicts.ts";

/**
 * What the defaults of other tools say of the same days: the first day with an alarm, and if rightly named.
 */
export function peerLines({ evidently, nannyml }: PeerVerdicts): readonly string[] {
  const header = [
    "planted",
    "should alarm",
    "Evidently, data set",
    "Evidently, a column",
    "NannyML, a column",
  ];
  const rows = kindsOfChange.map(({ name, shouldAlarm, named }, place) => {
    const stream = `change-${place}`;
    const dataset = (evidently.dataset[stream] ?? []).indexOf(true);
    return [
      name,
      shouldAlarm ? "yes" : "no",
      dataset < 0 ? "never" : `day ${dataset + 1}`,
      cell(evidently.column[stream] ?? [], named),
      cell(nannyml.column[stream] ?? [], named),
    ];
  });
  const days = (list: readonly unknown[] = []): string => `${list.filter(Boolean).length} days`;
  const alarmed = (list: readonly (readonly string[])[] = []): string =>
    `${summarise(list, []).alarmDays} days`;
  const healthy = [
    `${evidently.dataset["healthy"]?.length ?? 0} healthy days with an alarm`,
    "none",
    days(evidently.dataset["healthy"]),
    alarmed(evidently.column["healthy"]),
    alarmed(nannyml.column["healthy"]),
  ];
  return tableLines(header, [...rows, healthy]);
}

function cell(days: readonly (readonly string[])[], named: readonly string[]): string {
  const { firstDay, isNamed } = summarise(days, named);
  if (firstDay === undefined) return "never";
  const count = days[firstDay - 1]?.length ?? 0;
  return `day ${firstDay}, ${count} columns${isNamed ? ", rightly named" : ""}`;
}
