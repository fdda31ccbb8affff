import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Promises } from "../alerts/alert.ts";
import { repositoryFolder } from "../generated-files.ts";
import { pageLimits } from "./limits.ts";
import { allVariables } from "../panels/variables.ts";
import { pageDashboards } from "./page-dashboards.ts";

export interface PageServerOptions {
  readonly promises: Promises;
  /** Prometheus, whose reading API the page is given, and nothing else of it. */
  readonly prometheusUrl: string;
  /** 0 takes a free one. Only this machine reaches it: nobody is asked who they are. */
  readonly port: number;
}

export interface PageServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the dashboards as a page, for a machine without Grafana. @throws when the port is taken. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const files = pageFiles(options.promises);
  const readable = readingPaths(options.promises);
  const server = createServer((request, response) => {
    answer(request, response, { files, readable, prometheusUrl: options.prometheusUrl }).catch(
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        send(response, 502, {
          type: types[".json"],
          body: JSON.stringify({ status: "error", error: reason }),
        });
      },
    );
  });
  server.requestTimeout = pageLimits.requestMs;
  server.maxConnections = pageLimits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface PageFile {
  readonly type: string;
  readonly body: string;
}

const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/plain; charset=utf-8",
} as const;

/** Everything that is ever served, by its path: nothing is looked up by what a request says. */
function pageFiles(promises: Promises): ReadonlyMap<string, PageFile> {
  const page = join(repositoryFolder, "dashboards", "page");
  const runbooks = join(repositoryFolder, "docs", "runbooks");
  const module = createRequire(import.meta.url);
  const fileOf = (path: string): PageFile => ({
    type: types[extname(path) as keyof typeof types],
    body: readFileSync(path, "utf8"),
  });
  const dashboards = JSON.stringify(pageDashboards(promises));
  return new Map([
    ...readdirSync(page).map((name) => [`/${name}`, fileOf(join(page, name))] as const),
    ...readdirSync(runbooks).map((name) => [`/runbooks/${name}`, fileOf(join(runbooks, name))] as const),
    ["/", fileOf(join(page, "index.html"))],
    ["/uplot.css", fileOf(module.resolve("uplot/dist/uPlot.min.css"))],
    ["/uplot.mjs", { ...fileOf(module.resolve("uplot/dist/uPlot.esm.js")), type: types[".mjs"] }],
    ["/dashboards.json", { type: types[".json"], body: dashboards }],
  ]);
}

/** Of Prometheus' API: only what reads. */
function readingPaths(promises: Promises): ReadonlySet<string> {
  const labels = allVariables(promises).map(({ name }) => `/api/v1/label/${name}/values`);
  return new Set(["/api/v1/query_range", ...labels]);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  context: {
    readonly files: ReadonlyMap<string, PageFile>;
    readonly readable: ReadonlySet<string>;
    readonly prometheusUrl: string;
  },
): Promise<void> {
  if (request.method !== "GET") {
    send(response, 405, { type: types[".md"], body: "GET only" });
    return;
  }
  const { pathname, search } = new URL(request.url ?? "/", "http://page");
  if (context.readable.has(pathname)) {
    const signal = AbortSignal.timeout(pageLimits.queryMs);
    const reply = await fetch(`${context.prometheusUrl}${pathname}${search}`, { signal });
    send(response, reply.status, { type: types[".json"], body: await reply.text() });
    return;
  }
  // An alert's link, as Grafana would answer it.
  const [, uid] = /^\/d\/([a-z-]+)$/u.exec(pathname) ?? [];
  if (uid !== undefined) {
    response.writeHead(302, { location: `/#${uid}` }).end();
    return;
  }
  const file = context.files.get(pathname);
  if (file === undefined) send(response, 404, { type: types[".md"], body: "no such page" });
  else send(response, 200, file);
}

function send(response: ServerResponse, status: number, { type, body }: PageFile): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}
