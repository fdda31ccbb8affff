import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { engagement } from "@tollgate/engagement-card-payments";
import { monitoringTool } from "@tollgate/local-stack";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alertCases } from "../src/alert-cases/all-alert-cases.ts";
import { alertmanagerConfiguration } from "../src/alerts/alertmanager-configuration.ts";
import { alertGroups } from "../src/alerts/all-alerts.ts";
import { ruleFile } from "../src/alerts/rule-file.ts";
import { processEnvironment } from "../src/config.ts";
import { localAddresses } from "../src/settings.ts";
import { promtoolTest } from "./support/promtool-test.ts";

const execute = promisify(execFile);
const alerts = alertGroups(engagement).flatMap((group) => group.alerts);
const folder = mkdtempSync(join(tmpdir(), "tollgate-rules-"));
const rules = join(folder, "tollgate.rules.yml");
const searchPath = processEnvironment()["PATH"] ?? "";
let promtool = "";
let amtool = "";

beforeAll(async () => {
  promtool = (await monitoringTool("promtool", searchPath)).path;
  amtool = (await monitoringTool("amtool", searchPath)).path;
  writeFileSync(rules, ruleFile({ promises: engagement, ...localAddresses }));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("promtool finds no fault in the rules", async () => {
  expect(await run(promtool, "check", "rules", rules)).toContain("SUCCESS");
});

test("every alert has a case in which it fires and one in which it does not", () => {
  expect(alertCases.map(({ alert }) => alert)).toEqual(alerts.map(({ name }) => name));
  expect(alertCases.filter(({ quiet }) => quiet.length === 0)).toEqual([]);
});

test.each(alertCases)(
  "$alert fires with its labels and value, and keeps quiet when it should",
  async (one) => {
    const alert = alerts.find(({ name }) => name === one.alert);
    if (alert === undefined) throw new Error(`no alert is called ${one.alert}`);
    const file = join(folder, `${one.alert}.test.yml`);
    writeFileSync(file, promtoolTest(one, { alert, promises: engagement, ruleFile: rules }));
    expect(await run(promtool, "test", "rules", file)).toContain("SUCCESS");
  },
);

test("amtool finds no fault in the configuration of Alertmanager", async () => {
  const file = join(folder, "alertmanager.yml");
  writeFileSync(file, alertmanagerConfiguration(localAddresses));
  expect(await run(amtool, "check-config", file)).toContain("SUCCESS");
});

test.each([
  ["page", "pager"],
  ["ticket", "tickets"],
])("an alert of severity %s goes to the receiver %s", async (severity, receiver) => {
  const file = join(folder, "alertmanager.yml");
  writeFileSync(file, alertmanagerConfiguration(localAddresses));
  const route = await run(
    amtool,
    "config",
    "routes",
    "test",
    `--config.file=${file}`,
    `severity=${severity}`,
  );
  expect(route.split("\n")[0]).toBe(receiver);
});

/** What a program says, whether it ends well or not. */
async function run(program: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await execute(program, args);
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    return `${message}\n${stdout ?? ""}${stderr ?? ""}`;
  }
}
