import type { ServiceName } from "./service-name.ts";

/** Where a service's program lies on this machine. */
export interface Binaries {
  /** The folder of programs or jars, or the program itself: whatever `prepare` needs. */
  readonly path: string;
  /** Name and version, for a person: "Redis 6.2.11". */
  readonly label: string;
}

export interface LaunchContext {
  /** Holds the service's configuration and data; made when missing, private to this stack. */
  readonly folder: string;
  readonly port: number;
  /** A second free port, for a service that needs one. */
  readonly secondPort: number;
  /** False for tests: a crash of the machine may lose data, a crash of the service may not. */
  readonly durable: boolean;
  readonly searchPath: string;
  /** Option for a service that runs in Java: the agent that shows its metrics. */
  readonly metricsAgent: string | undefined;
}

/** How a prepared service is started. */
export interface Launch {
  readonly command: readonly string[];
  /** Beside that of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The signal on which it stops cleanly and soon. */
  readonly stopSignal: NodeJS.Signals;
}

/** Everything the stack knows about one service. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly defaultPort: number;
  /** The programs of an installed service that is good enough and really runs, else undefined. */
  findInstalled(searchPath: string): Binaries | undefined;
  /** The programs fetched before, else undefined. */
  findFetched(searchPath: string): Binaries | undefined;
  /** Why it cannot be fetched here ("mvn is not on PATH"), else undefined. */
  fetchObstacle(searchPath: string): string | undefined;
  /** Fetches the programs into `.local/`; throws a StackError. */
  fetch(): Promise<void>;
  /** What a person installs when nothing else helps. */
  readonly remedy: string;
  /** Writes configuration, formats data when there is none. */
  prepare(binaries: Binaries, context: LaunchContext): Promise<Launch>;
  url(port: number): string;
  /** Returns when the service really answers; throws while it does not. */
  answers(url: string): Promise<void>;
}
