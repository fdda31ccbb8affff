import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { choosePort } from "./choose-port.ts";
import { fetchInto } from "./fetch-into.ts";
import { fetchedFolder, packageFolder } from "./folders.ts";
import { mavenObstacle, runMaven } from "./maven.ts";
import { StackError } from "./stack-error.ts";

/** Prometheus' JMX exporter, which runs inside Kafka. */
export interface KafkaAgent {
  /** For Kafka's Java. */
  readonly option: string;
  readonly url: string;
}

/** The agent, fetched when need be, on a free port. @throws StackError when it cannot be had. */
export async function obtainKafkaAgent(searchPath: string, taken: Set<number>): Promise<KafkaAgent> {
  const folder = fetchedFolder("kafka-exporter");
  const source = join(packageFolder, "kafka-exporter");
  if (!existsSync(folder)) {
    const obstacle = mavenObstacle(searchPath);
    if (obstacle !== undefined) throw new StackError(obstacle);
    await fetchInto(folder, (unfinished) =>
      runMaven(join(source, "pom.xml"), ["dependency:copy-dependencies", `-DoutputDirectory=${unfinished}`]),
    );
  }
  const jar = readdirSync(folder).find((name) => name.endsWith(".jar")) ?? "";
  const address = `127.0.0.1:${(await choosePort({ taken })).port}`;
  return {
    option: `-javaagent:${join(folder, jar)}=${address}:${join(source, "rules.yml")}`,
    url: `http://${address}`,
  };
}
