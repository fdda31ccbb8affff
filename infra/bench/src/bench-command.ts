/** `npm run bench -- NAME [--quick] [--json]`: runs one bench and prints its table. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { allowClosedPipe, figuresReport, tableLines, type BenchModule } from "@tollgate/runtime";
import { benches, type Bench } from "./benches.ts";

const root = new URL("../../../", import.meta.url);

allowClosedPipe(process.stdout);
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = { json: { type: "boolean" }, quick: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const chosen = benches.find((bench) => bench.name === positionals[0]);
  if (chosen === undefined || positionals.length > 1) {
    const known = benches.map(({ name, measures }) => [name, measures]);
    process.stderr.write("npm run bench -- NAME [--quick] [--json]\n");
    process.stderr.write(`${tableLines(["NAME", "measures"], known).join("\n")}\n`);
    return 2;
  }
  return measure(chosen, { quick: values.quick === true, json: values.json === true });
}

async function measure(
  bench: Bench,
  options: { readonly quick: boolean; readonly json: boolean },
): Promise<number> {
  const { run } = (await import(new URL(bench.file, root).href)) as BenchModule;
  const { table, figures, passed, notes = [] } = await run({ quick: options.quick });
  process.stdout.write(`${tableLines(table.header, table.rows).join("\n")}\n`);
  for (const note of notes) process.stdout.write(`${note}\n`);
  process.stdout.write(passed ? "" : "A figure misses its threshold.\n");
  const command = `npm run bench -- ${bench.name}${options.quick ? " --quick" : ""}`;
  const report = figuresReport({ command, folder: fileURLToPath(root), figures, passed });
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return passed ? 0 : 1;
}
