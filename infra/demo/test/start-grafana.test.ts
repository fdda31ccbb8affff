import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePort } from "@tollgate/local-stack";
import { expect, onTestFinished, test } from "vitest";
import { findGrafana, grafanaLaunch } from "../src/grafana/grafana-launch.ts";
import { startGrafana, type GrafanaOptions } from "../src/grafana/start-grafana.ts";

/** What is known of Grafana from outside: it listens where it is told, and says that it is healthy. */
const healthy = `
const { createServer } = require("node:http");
const { env } = process;
createServer((request, response) => {
  response.statusCode = request.url === "/api/health" ? 200 : 404;
  response.end(JSON.stringify({ argv: process.argv.slice(2), provisioning: env.GF_PATHS_PROVISIONING }));
}).listen(Number(env.GF_SERVER_HTTP_PORT), env.GF_SERVER_HTTP_ADDR);
`;

/** A folder as Grafana's archive has it, with another program in its place: no Grafana can be had. */
function installed(program: string): string {
  const home = mkdtempSync(join(tmpdir(), "tollgate-grafana-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const folder of ["bin", "conf"]) mkdirSync(join(home, folder));
  writeFileSync(join(home, "conf", "defaults.ini"), "");
  writeFileSync(join(home, "bin", "grafana"), `#!${process.execPath}\n${program}`);
  chmodSync(join(home, "bin", "grafana"), 0o755);
  return home;
}

async function optionsIn(home: string): Promise<GrafanaOptions> {
  const folder = join(home, "ours");
  const { port } = await choosePort({ preferred: 28_300, taken: new Set() });
  return {
    prometheusUrl: "http://127.0.0.1:9",
    port,
    folder,
    environment: {},
  };
}

test("a Grafana on PATH is started on loopback, with our data source and dashboards", async () => {
  const home = installed(healthy);
  const options = await optionsIn(home);
  const found = findGrafana(join(home, "bin"));
  expect(found).toMatchObject({ kind: "program", homeFolder: home });
  if (found === undefined) return;
  const grafana = await startGrafana(found, options);
  onTestFinished(() => grafana.stop());
  expect(await (await fetch(`${grafana.url}/api/health`)).json()).toEqual({
    argv: ["server", "--homepath", home],
    provisioning: join(options.folder, "provisioning"),
  });
  const read = (path: string): string => readFileSync(join(options.folder, path), "utf8");
  expect(read("provisioning/datasources/tollgate.yml")).toContain(options.prometheusUrl);
  expect(read("provisioning/dashboards/tollgate.yml")).toContain(join(options.folder, "dashboards"));
  expect(JSON.parse(read("dashboards/tollgate-overview.json"))).toMatchObject({ uid: "tollgate-overview" });
});

test("one that does not start is an error that says what it said", async () => {
  const home = installed('console.error("mapping of ports failed"); process.exit(1);');
  const found = findGrafana(join(home, "bin"));
  if (found === undefined) throw new Error("not found");
  await expect(startGrafana(found, await optionsIn(home))).rejects.toThrow("mapping of ports failed");
});

test("without Grafana's own files, or without any program, none is found", () => {
  const home = installed(healthy);
  rmSync(join(home, "conf"), { recursive: true });
  expect(findGrafana(join(home, "bin"))).toBeUndefined();
  expect(findGrafana("")).toBeUndefined();
});

test("a container sees our folder, loopback, and the same settings", () => {
  const { command, environment, mountedAt } = grafanaLaunch(
    { kind: "docker", path: "/usr/bin/docker" },
    { folder: "/some/folder", port: 3_001 },
  );
  expect(command.join(" ")).toContain("run --rm --network host --user");
  expect(command).toContain(`/some/folder:${mountedAt}`);
  expect(command.at(-1)).toMatch(/^grafana\/grafana:\d+\.\d+\.\d+$/u);
  expect(environment).toMatchObject({ GF_SERVER_HTTP_ADDR: "127.0.0.1", GF_SERVER_HTTP_PORT: "3001" });
  for (const name of Object.keys(environment)) expect(command).toContain(name);
});
