import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findExecutable, probe } from "@tollgate/local-stack";

/** How Grafana can be run here: by a program with its own files, or by an image. */
export type GrafanaFound =
  | { readonly kind: "program"; readonly path: string; readonly homeFolder: string }
  | { readonly kind: "docker"; readonly path: string };

export interface GrafanaLaunch {
  readonly command: readonly string[];
  /** Added to the environment of the command. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder of the generated files, as Grafana sees it. */
  readonly mountedAt: string;
}

/** The newest that the Foundation SDK's panels are known to. */
const image = "grafana/grafana:12.0.2";

/** A `grafana` on the search path, else a Docker engine on Linux, where a container can see loopback. */
export function findGrafana(searchPath: string): GrafanaFound | undefined {
  for (const name of ["grafana", "grafana-server"]) {
    const path = findExecutable(name, searchPath);
    const homeFolder = path === undefined ? undefined : homeFolderOf(path);
    if (path !== undefined && homeFolder !== undefined) return { kind: "program", path, homeFolder };
  }
  const docker = process.platform === "linux" ? findExecutable("docker", searchPath) : undefined;
  if (docker === undefined) return undefined;
  const engine = probe([docker, "info", "--format", "{{.ServerVersion}}"]);
  return engine === undefined || engine === "" ? undefined : { kind: "docker", path: docker };
}

/** Where an archive, Debian's package and Homebrew's formula have the files that every Grafana needs. */
function homeFolderOf(path: string): string | undefined {
  const installed = dirname(dirname(realpathSync(path)));
  const candidates = [installed, join(installed, "share", "grafana")];
  return candidates.find((folder) => existsSync(join(folder, "conf", "defaults.ini")));
}

/**
 * A Grafana on loopback that anybody on this machine may look at, with our dashboards and nothing else.
 * @param folder where our files and Grafana's own data lie.
 */
export function grafanaLaunch(
  found: GrafanaFound,
  { folder, port }: { readonly folder: string; readonly port: number },
): GrafanaLaunch {
  const mountedAt = found.kind === "docker" ? "/etc/grafana/tollgate" : folder;
  const environment = settingsOf({ mountedAt, port });
  if (found.kind === "program") {
    const server = found.path.endsWith("grafana") ? ["server"] : [];
    return { command: [found.path, ...server, "--homepath", found.homeFolder], environment, mountedAt };
  }
  const { uid, gid } = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const variables = Object.keys(environment).flatMap((name) => ["--env", name]);
  const options = [
    "--rm",
    "--network",
    "host",
    "--user",
    `${uid}:${gid}`,
    "--volume",
    `${folder}:${mountedAt}`,
  ];
  return { command: [found.path, "run", ...options, ...variables, image], environment, mountedAt };
}

function settingsOf(options: {
  readonly mountedAt: string;
  readonly port: number;
}): Readonly<Record<string, string>> {
  const { mountedAt, port } = options;
  return {
    GF_SERVER_HTTP_ADDR: "127.0.0.1",
    GF_SERVER_HTTP_PORT: String(port),
    GF_PATHS_PROVISIONING: `${mountedAt}/provisioning`,
    GF_PATHS_DATA: `${mountedAt}/data`,
    GF_PATHS_LOGS: `${mountedAt}/data/log`,
    GF_PATHS_PLUGINS: `${mountedAt}/data/plugins`,
    GF_AUTH_ANONYMOUS_ENABLED: "true",
    GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${mountedAt}/dashboards/tollgate-overview.json`,
    // Nothing is asked of, or told to, the world outside.
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_NEWS_NEWS_FEED_ENABLED: "false",
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
  };
}
