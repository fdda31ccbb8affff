import { driftWindowKinds, type DriftFinding, type DriftVerdict } from "@tollgate/contracts";
import type { MaturityFigures, PerformanceDay } from "../store/performance-store.ts";
import type { ModelVersion } from "../store/tile-delta.ts";

/** A day's figures, as the API gives them. */
export type ReportDay = Omit<PerformanceDay, "dayMs"> & { readonly day: string };

/** What a report is made of: one model version over all decisions, from the monitor's API. */
export interface ReportData {
  readonly from: string;
  readonly to: string;
  readonly model: ModelVersion;
  /** In the order of time. */
  readonly verdicts: readonly DriftVerdict[];
  readonly days: readonly ReportDay[];
  readonly maturity: MaturityFigures | undefined;
  /** Of features that drifted, the strongest finding with its picture. */
  readonly strongest: readonly FeatureDrift[];
}

export interface FeatureDrift {
  readonly finding: DriftFinding;
  readonly verdict: Pick<DriftVerdict, "verdictId" | "window">;
  /** Windows in which the feature drifted, the first and the last of them. */
  readonly windows: number;
  readonly first: string;
  readonly last: string;
}

/** Asks the monitor; throws with the address when it does not answer. */
export type AskMonitor = (path: string) => Promise<unknown>;

/** Pictures in a report, the features with the most drifted windows first. */
const picturesMax = 12;
const verdictsOfKind = 500;

/** @param asked.model undefined: the version with the latest verdict. */
export async function readReportData(
  ask: AskMonitor,
  asked: { readonly from: string; readonly to: string; readonly model: string | undefined },
): Promise<ReportData | undefined> {
  const span = `from=${encodeURIComponent(asked.from)}&until=${encodeURIComponent(asked.to)}`;
  const list = async (query: string): Promise<readonly DriftVerdict[]> =>
    ((await ask(`/v1/drift?${query}`)) as { readonly verdicts: readonly DriftVerdict[] }).verdicts;
  const [latest] = await list(`${span}&limit=1${asked.model === undefined ? "" : `&model=${asked.model}`}`);
  if (latest === undefined) return undefined;
  const { model } = latest;
  const name = `${model.name}@v${model.version}`;
  const ofModel = `${span}&model=${name}&segment=all&limit=${verdictsOfKind}`;
  const lists = await Promise.all(driftWindowKinds.map((kind) => list(`${ofModel}&window=${kind}`)));
  const verdicts = lists.flat().toSorted((a, b) => a.window.until.localeCompare(b.window.until));
  const performance = (await ask(`/v1/drift/performance?${span}&model=${name}`)) as {
    readonly days: readonly ReportDay[];
    readonly maturity: readonly (MaturityFigures & { readonly model: ModelVersion })[];
  };
  const maturity = performance.maturity.find((one) => `${one.model.name}@v${one.model.version}` === name);
  const strongest = await withPictures(ask, strongestOf(verdicts));
  return { ...asked, model, verdicts, days: performance.days, maturity, strongest };
}

function strongestOf(verdicts: readonly DriftVerdict[]): readonly FeatureDrift[] {
  const found = verdicts.flatMap((verdict) =>
    verdict.findings.filter(({ status }) => status === "drifted").map((finding) => ({ verdict, finding })),
  );
  const groups = [...Map.groupBy(found, ({ finding }) => finding.feature).values()];
  const drifts = groups.flatMap((group) => {
    const [strongest] = group.toSorted((a, b) => a.finding.pValue - b.finding.pValue);
    if (strongest === undefined) return [];
    const starts = group.map(({ verdict }) => verdict.window.from).toSorted();
    const [first = "", last = ""] = [starts[0], starts.at(-1)];
    return [{ ...strongest, windows: group.length, first, last }];
  });
  return drifts.toSorted((a, b) => b.windows - a.windows);
}

async function withPictures(
  ask: AskMonitor,
  drifts: readonly FeatureDrift[],
): Promise<readonly FeatureDrift[]> {
  const full: FeatureDrift[] = [];
  for (const drift of drifts.slice(0, picturesMax)) {
    const id = encodeURIComponent(drift.verdict.verdictId);
    const verdict = (await ask(`/v1/drift/${id}`)) as DriftVerdict;
    const finding = verdict.findings.find(({ feature }) => feature === drift.finding.feature);
    full.push(finding === undefined ? drift : { ...drift, finding });
  }
  return [...full, ...drifts.slice(picturesMax)];
}
