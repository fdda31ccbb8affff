/**
 * `node apps/scoring-api/bench/profile.ts score|tens|batch [SECONDS]`: where the API's processor time goes,
 * by function and by package, while it is under the load of `npm run bench -- scoring`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableLines } from "@tollgate/runtime";
import type { LoadOrder } from "./load-protocol.ts";
import { startSides, type Sides } from "./start-sides.ts";

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  readonly endTime: number;
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

const shown = 45;
const loads: Readonly<Record<string, Pick<LoadOrder, "path" | "connections" | "perRequest">>> = {
  score: { path: "/v1/score", connections: 64, perRequest: 1 },
  tens: { path: "/v1/score/batch", connections: 32, perRequest: 10 },
  batch: { path: "/v1/score/batch", connections: 4, perRequest: 250 },
};
const [kind = "score", secondsText = "8"] = process.argv.slice(2);
const seconds = Number(secondsText);
const folder = mkdtempSync(join(tmpdir(), "tollgate-profile-"));
const endedAt = await profileUnderLoad();
const file = readdirSync(folder).find((name) => name.endsWith(".cpuprofile"));
if (file === undefined) throw new Error("no profile was written");
const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile;
rmSync(folder, { recursive: true, force: true });
report(profile, endedAt);

/** Seconds between the end of the load and the end of the process. */
async function profileUnderLoad(): Promise<number> {
  const sides = await startSides({}, ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=500"]);
  const load = loads[kind];
  if (load === undefined) throw new Error(`what to profile is one of ${Object.keys(loads).join(", ")}`);
  const order = { port: sides.api.port, apiKey: sides.apiKey, ...load };
  await sides.load({ ...order, seconds: 4, round: "warm00000" });
  const result = await sides.load({ ...order, seconds, round: "real00000" });
  const endMs = performance.now();
  console.info(`${Math.round((result.requests * order.perRequest) / result.seconds)} transactions/s`);
  await printStages(sides);
  await sides[Symbol.asyncDispose]();
  return (performance.now() - endMs) / 1000;
}

/** Mean time of each stage of a call, and transactions of a model run, since the start. */
async function printStages(sides: Sides): Promise<void> {
  const url = `http://127.0.0.1:${sides.api.port}/metrics`;
  const text = await (await fetch(url)).text();
  const value = (series: string): number =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.split(" ")
        .at(-1),
    );
  for (const stage of ["recall", "compute", "predict", "decide", "record"]) {
    const name = "tollgate_stage_duration_seconds";
    const mean = value(`${name}_sum{stage="${stage}"}`) / value(`${name}_count{stage="${stage}"}`);
    console.info(`${stage}: ${(mean * 1000).toFixed(2)} ms a call`);
  }
  const rows = value("tollgate_inference_rows_total") / value("tollgate_inference_executions_total");
  console.info(`${rows.toFixed(1)} transactions a model run`);
}

/** Samples of the load alone: the process lives on for a moment after it. */
function report({ nodes, samples, timeDeltas }: CpuProfile, afterSeconds: number): void {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const total = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const from = total - (afterSeconds + seconds) * 1e6;
  const byFunction = new Map<string, number>();
  const byPackage = new Map<string, number>();
  let at = 0;
  let counted = 0;
  let idle = 0;
  for (const [position, id] of samples.entries()) {
    const delta = timeDeltas[position] ?? 0;
    at += delta;
    const frame = frames.get(id);
    if (at < from || at > from + seconds * 1e6 || frame === undefined) continue;
    if (frame.functionName === "(idle)") {
      idle += delta;
      continue;
    }
    counted += delta;
    add(byFunction, `${frame.functionName || "(anonymous)"} ${placeOf(frame)}`, delta);
    add(byPackage, packageOf(frame), delta);
  }
  console.info(`idle ${((idle / (idle + counted)) * 100).toFixed(0)} % of the time`);
  for (const [title, sums] of [
    ["package", byPackage],
    ["function", byFunction],
  ] as const) {
    const largest = [...sums].toSorted(([, one], [, other]) => other - one).slice(0, shown);
    const rows = largest.map(([name, micros]) => [`${((micros / counted) * 100).toFixed(1)} %`, name]);
    console.info(tableLines(["busy time", title], rows).join("\n"));
  }
}

function add(sums: Map<string, number>, name: string, micros: number): void {
  sums.set(name, (sums.get(name) ?? 0) + micros);
}

function placeOf({ url, lineNumber }: CallFrame): string {
  return url === "" ? "" : `${url.split("/").slice(-3).join("/")}:${lineNumber + 1}`;
}

function packageOf({ url, functionName }: CallFrame): string {
  if (url === "") return functionName.startsWith("(") ? functionName : "native";
  if (url.startsWith("node:")) return url;
  const parts = url.split("/");
  const modules = parts.lastIndexOf("node_modules");
  if (modules >= 0) return parts.slice(modules + 1, modules + 2).join("/");
  const source = parts.lastIndexOf("src");
  return parts.slice(Math.max(0, source - 1), source).join("/");
}
