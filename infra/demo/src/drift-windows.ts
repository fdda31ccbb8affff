import type { Client } from "pg";

/** What the drift monitor has said so far, over all decisions: windows by kind and verdict. */
export async function driftWindowsText(postgres: Client): Promise<string> {
  const { rows: found } = await postgres.query<{ there: boolean }>(
    `select to_regclass('drift.verdicts') is not null as there`,
  );
  if (found[0]?.there !== true) return "not watched";
  const { rows } = await postgres.query<{ kind: string; status: string; windows: string }>(
    `select kind, status, count(*) as windows from drift.verdicts where segment = 'all'
     group by kind, status order by min(until_at - from_at), status`,
  );
  const kinds = Map.groupBy(rows, ({ kind }) => kind);
  const texts = Array.from(kinds, ([kind, own]) => {
    return `${kind}: ${own.map(({ status, windows }) => `${windows} ${status}`).join(", ")}`;
  });
  return texts.length === 0 ? "no window is over yet" : texts.join("; ");
}
