import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { latencySvg, rateSvg } from "./latency-svg.ts";
import type { LoadResult } from "./load-result.ts";
import { resultTables, type ResultTable } from "./print-result.ts";

/** Writes result.json, latency.svg and report.html into the run's folder; returns the page's path. */
export function writeReport(result: LoadResult, folder: string): string {
  writeFileSync(join(folder, "result.json"), `${JSON.stringify(result, undefined, 2)}\n`);
  const { marks, promisedMs, curve } = result;
  const drawings =
    curve.length === 0 ? [] : [latencySvg(curve, { promisedMs, marks }), rateSvg(curve, marks)];
  if (drawings[0] !== undefined) writeFileSync(join(folder, "latency.svg"), drawings[0]);
  const path = join(folder, "report.html");
  writeFileSync(path, pageOf(result, drawings));
  return path;
}

function pageOf(result: LoadResult, drawings: readonly string[]): string {
  const verdict = result.report.passed ? "passed" : "failed";
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Load test ${result.profile}: ${verdict}</title><style>${style}</style>`,
    `<h1>Load test ${result.profile}: ${verdict}</h1><p>${escaped(result.description)}</p>`,
    ...drawings,
    ...resultTables(result).map(tableOf),
    ...[...result.check.named, ...result.notes].map((note) => `<p>${escaped(note)}</p>`),
    "</html>\n",
  ].join("\n");
}

function tableOf({ title, header, rows }: ResultTable): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  const lines = [line(header, "th"), ...rows.map((row) => line(row, "td"))];
  return `<h2>${title}</h2><table>${lines.join("")}</table>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const style =
  "body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}" +
  "table{border-collapse:collapse;font-variant-numeric:tabular-nums}" +
  "td,th{padding:.2rem .8rem .2rem 0;text-align:left;border-bottom:1px solid #ddd}svg{width:100%}";
