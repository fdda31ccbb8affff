import { tableLines } from "@tollgate/runtime";
import { degradedParts } from "@tollgate/contracts";
import { leftOutInAll, type LeftOut } from "./left-out.ts";
import type { LoadResult } from "./load-result.ts";
import type { PartFigures } from "./measure-run.ts";
import { milliseconds } from "./verdicts.ts";

/** A titled table of the result: the same for the terminal and the page. */
export interface ResultTable {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function resultTables(result: LoadResult): readonly ResultTable[] {
  const reasons = Object.entries(result.reasons).map(([reason, count]) => `${count} × ${reason}`);
  const { check } = result;
  return [
    { title: "Run", header: ["what", "value"], rows: result.facts.map(([name, value]) => [name, value]) },
    { title: "Load", header: partHeader, rows: result.parts.map(partRow) },
    {
      title: "Decisions made without a part",
      header: ["in", ...degradedParts],
      rows: leftOutRows(result.leftOut),
    },
    {
      title: "CPU in the measured time",
      header: ["part", "cores", "µs a transaction"],
      rows: [
        ...result.cpu.map(({ part, cores, microsEach }) => [part, cores.toFixed(2), microsEach.toFixed(0)]),
        ["taken by the machine's host", percent(result.taken.byHost), ""],
        ["taken by other processes", percent(result.taken.byOthers), ""],
      ],
    },
    {
      title: "Decisions, compared one by one",
      header: ["what", "transactions"],
      rows: [
        ["accepted", String(check.accepted)],
        ["on the log", String(check.recorded)],
        ["in PostgreSQL", String(check.archived)],
        ["decided, though the caller got no answer", String(check.decidedUnanswered)],
        ["the same record twice on the log", String(check.repeated)],
        ["answers compared with the record", String(check.compared)],
        ["refusals", reasons.length === 0 ? "none" : reasons.join(", ")],
      ],
    },
    {
      title: "Verdict",
      header: ["", "what", "promised", "reached"],
      rows: result.verdicts.map((verdict) => [
        verdict.passed ? "✓" : "✗",
        verdict.what,
        verdict.promised,
        verdict.reached,
      ]),
    },
  ];
}

/** The result for a terminal. */
export function resultLines(result: LoadResult): readonly string[] {
  const tables = resultTables(result).filter(({ rows }) => rows.length > 0);
  return [
    ...tables.flatMap(({ title, header, rows }) => ["", `── ${title}`, ...tableLines(header, rows)]),
    ...result.check.named,
    ...result.notes,
  ];
}

const partHeader: readonly string[] = [
  "part",
  "s",
  "due/s",
  "accepted/s",
  "failed",
  "not sent",
  "p50",
  "p95",
  "p99",
  "p99.9",
  "max",
];

function partRow(part: PartFigures): readonly string[] {
  const latency = [part.p50Ms, part.p95Ms, part.p99Ms, part.p999Ms, part.maxMs].map(milliseconds);
  const perSecond = [part.duePerSecond, part.accepted / part.seconds].map((rate) => rate.toFixed(0));
  return [part.name, String(part.seconds), ...perSecond, `${part.failed}`, `${part.dropped}`, ...latency];
}

/** Phases in which nothing was left out are left out. */
function leftOutRows(phases: readonly LeftOut[]): readonly (readonly string[])[] {
  return phases
    .filter((phase) => leftOutInAll([phase]) > 0)
    .map(({ phase, parts }) => [phase, ...degradedParts.map((part) => String(parts[part]))]);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} % of all`;
}
