import { cpSync, existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

import { fetchInto } from "./fetch-into.ts";
import { fetchedFolder, packageFolder } from "./folders.ts";
import { findJava } from "./java.ts";
import { writeKafkaConfiguration } from "./kafka-configuration.ts";
import { askKafkaForBrokers } from "./kafka-metadata.ts";
import { kafkaHeapMiB } from "./limits.ts";
import { mavenObstacle, runMaven } from "./maven.ts";
import { findExecutable, runTool } from "./run-tool.ts";
import type { Binaries, Launch, LaunchContext, ServiceDefinition } from "./service-definition.ts";
import { StackError } from "./stack-error.ts";

const minimumKafkaMajor = 4;

/** A short run: compiling hot code would only cost time. */
const formatOptions = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] as const;

/** Any valid identifier will do: a local cluster never meets another. */
const clusterId = "4L6g3nShT-eMCtK--X86sw";

/** Apache Kafka, one KRaft node that is both broker and controller, run by the Java on PATH. */
export const kafkaService: ServiceDefinition = {
  name: "kafka",
  defaultPort: 9092,
  remedy:
    "install a Java runtime 17 or newer and Maven (Debian: apt-get install openjdk-17-jre-headless maven)",
  findInstalled(searchPath) {
    const script = findExecutable("kafka-server-start.sh", searchPath);
    if (script === undefined || "obstacle" in findJava(searchPath)) return undefined;
    return binariesIn(join(dirname(dirname(realpathSync(script))), "libs"));
  },
  findFetched(searchPath) {
    if ("obstacle" in findJava(searchPath)) return undefined;
    return binariesIn(join(fetchedFolder("kafka"), "lib"));
  },
  fetchObstacle(searchPath) {
    const java = findJava(searchPath);
    return "obstacle" in java ? java.obstacle : mavenObstacle(searchPath);
  },
  async fetch() {
    await fetchInto(fetchedFolder("kafka"), (folder) =>
      runMaven(join(packageFolder, "kafka", "pom.xml"), [
        "dependency:copy-dependencies",
        `-DoutputDirectory=${join(folder, "lib")}`,
      ]),
    );
  },
  prepare: prepareKafka,
  url: (port) => `127.0.0.1:${port}`,
  answers: kafkaAnswers,
};

async function prepareKafka(binaries: Binaries, context: LaunchContext): Promise<Launch> {
  const java = findJava(context.searchPath);
  if ("obstacle" in java) throw new StackError(`Kafka cannot start: ${java.obstacle}.`);
  const dataFolder = join(context.folder, "data");
  const propertiesPath = writeKafkaConfiguration(context);
  const classPath = join(binaries.path, "*");
  if (!existsSync(join(dataFolder, "meta.properties"))) {
    await formatStorage([java.path, ...formatOptions, "-cp", classPath], propertiesPath, dataFolder);
  }
  const logging = `-Dlog4j2.configurationFile=${join(packageFolder, "kafka", "log4j2.properties")}`;
  const heap = [`-Xms${kafkaHeapMiB / 2}m`, `-Xmx${kafkaHeapMiB}m`];
  // On two cores the serial collector costs less than G1's threads; pauses stay in the low milliseconds.
  const virtualMachine = [
    ...heap,
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
  ];
  // Without the second compiler: its work cost more (137 against 76 µs a transaction in the first minute of a
  // demo on 2 cores) than its code ever saved.
  const compiler = ["-XX:TieredStopAtLevel=1"];
  const agent = context.metricsAgent === undefined ? [] : [context.metricsAgent];
  const options = [...virtualMachine, ...compiler, ...agent, logging];
  return {
    command: [java.path, ...options, "-cp", classPath, "kafka.Kafka", propertiesPath],
    stopSignal: "SIGTERM",
  };
}

/** Formatting costs a JVM start (2 s): done once for this version, then copied. */
async function formatStorage(
  java: readonly string[],
  propertiesPath: string,
  dataFolder: string,
): Promise<void> {
  const template = fetchedFolder("kafka-formatted");
  if (existsSync(template)) {
    cpSync(template, dataFolder, { recursive: true });
    return;
  }
  const command = [...java, "kafka.tools.StorageTool", "format", "-t", clusterId, "-c", propertiesPath];
  await runTool(command, { folder: packageFolder, what: "formatting Kafka's storage" });
  await fetchInto(template, async (folder) =>
    Promise.resolve(cpSync(dataFolder, folder, { recursive: true })),
  );
}

function binariesIn(folder: string): Binaries | undefined {
  if (!existsSync(folder)) return undefined;
  const version = readdirSync(folder)
    .map((name) => /^kafka_2\.13-(\d+\.\d+\.\d+)\.jar$/.exec(name)?.[1])
    .find((found) => found !== undefined);
  if (version === undefined || Number(version.split(".")[0]) < minimumKafkaMajor) return undefined;
  return { path: folder, label: `Kafka ${version}` };
}

/** Ready means that one of the brokers answers a metadata request. */
async function kafkaAnswers(url: string): Promise<void> {
  await Promise.any(
    url.split(",").map((broker) => {
      const { hostname, port } = new URL(`kafka://${broker.trim()}`);
      return askKafkaForBrokers(hostname, Number(port || kafkaService.defaultPort));
    }),
  ).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error;
  });
}
