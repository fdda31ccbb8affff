import { runProcess } from "@tollgate/python-environment";
import { expect, test } from "vitest";
import { trainerFolder } from "../src/trainer-paths.ts";
import { pythonOfNetwork } from "./support/python-of-network.ts";

const python = await pythonOfNetwork();

test.runIf(python !== undefined)(
  "the network passes its own tests, in the environment that fits it",
  async () => {
    const files = ["tests/test_network.py", "tests/test_network_rows.py"];
    const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", ...files];
    const { exitCode, output } = await runProcess(python ?? "", args, { cwd: trainerFolder });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).not.toContain("skipped");
  },
);
