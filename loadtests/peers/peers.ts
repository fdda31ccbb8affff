import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** One server that is measured. */
export interface Peer {
  readonly name: string;
  readonly description: string;
  /** Python environment and lock file, for a Python peer. */
  readonly python?: "fastapi" | "bentoml" | "rayserve" | "mlserver";
  /** Whether it does the common work: its score is then compared with the others'. */
  readonly scores: boolean;
  readonly command: (start: PeerStart) => readonly string[];
  readonly settings?: (start: PeerStart) => Readonly<Record<string, string>>;
}

export interface PeerStart {
  readonly port: number;
  /** Of the Python environment; empty for the others. */
  readonly venv: string;
}

const folder: string = fileURLToPath(new URL(".", import.meta.url));
export const pythonFolder: string = join(folder, "python");

function nodePeer(name: string, description: string, scores: boolean): Peer {
  const entry = join(folder, "servers", `${name}-server.ts`);
  return { name, description, scores, command: () => [process.execPath, entry] };
}

/** In the order of the table. */
export const peers: readonly Peer[] = [
  nodePeer("empty", "node:http, reads and answers", false),
  nodePeer("express", "Express, session.run a request", true),
  nodePeer("fastify", "Fastify, compiled schemas, session.run a request", true),
  {
    name: "fastapi",
    description: "FastAPI, uvloop, httptools, orjson, hiredis",
    python: "fastapi",
    scores: true,
    command: ({ port, venv }) => {
      const server = [`${venv}/bin/python`, "-m", "uvicorn", "fastapi_server:app", "--no-access-log"];
      const speed = ["--loop", "uvloop", "--http", "httptools"];
      return [...server, ...speed, "--host", "127.0.0.1", "--port", String(port)];
    },
  },
  {
    name: "bentoml",
    description: "BentoML, one process",
    python: "bentoml",
    scores: true,
    command: ({ port, venv }) => {
      const server = [`${venv}/bin/bentoml`, "serve", "bentoml_service:Scoring"];
      return [...server, "--host", "127.0.0.1", "--port", String(port)];
    },
    settings: ({ venv }) => ({ BENTOML_DO_NOT_TRACK: "True", BENTOML_HOME: join(venv, "..", "home") }),
  },
  {
    name: "rayserve",
    description: "Ray Serve, @serve.batch, for throughput",
    python: "rayserve",
    scores: true,
    command: ({ venv }) => [`${venv}/bin/python`, "rayserve_server.py"],
    settings: ({ port }) => ({
      RAY_SERVE_THROUGHPUT_OPTIMIZED: "1",
      RAY_SERVE_DIRECT_INGRESS_MIN_HTTP_PORT: String(port),
      // The first port that is not used any more.
      RAY_SERVE_DIRECT_INGRESS_MAX_HTTP_PORT: String(port + 1),
      RAY_SERVE_DIRECT_INGRESS_MIN_DRAINING_PERIOD_S: "0",
      // Without it Ray takes the address of the network card instead of loopback.
      RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: "0",
      RAY_USAGE_STATS_ENABLED: "0",
      RAY_DISABLE_MEMORY_MONITOR: "1",
    }),
  },
  {
    name: "mlserver",
    description: "MLServer, a runtime of one's own, in its HTTP process",
    python: "mlserver",
    scores: true,
    command: ({ venv }) => [`${venv}/bin/mlserver`, "start", join(pythonFolder, "mlserver-model")],
    settings: ({ port, venv }) => ({
      MLSERVER_HOST: "127.0.0.1",
      MLSERVER_HTTP_PORT: String(port),
      MLSERVER_GRPC_PORT: String(port + 1),
      MLSERVER_METRICS_PORT: String(port + 2),
      MLSERVER_PARALLEL_WORKERS: "0",
      MLSERVER_DEBUG: "false",
      MLSERVER_METRICS_DIR: join(venv, ".."),
    }),
  },
];
