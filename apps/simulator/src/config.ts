import { brokerList } from "@tollgate/event-log";
import { configReader, type Environment } from "@tollgate/runtime";
import type { SimulatorOptions } from "./options.ts";

/** Where to send. */
export interface SimulatorConfig {
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly apiUrl: string;
  readonly apiKey: string;
}

/** @throws ConfigError naming every setting that is missing: the key is needed only for what goes by HTTP. */
export function loadConfig(environment: Environment, options: SimulatorOptions): SimulatorConfig {
  const read = configReader(environment);
  const usesHttp = options.http || options.labels === "http";
  const config: SimulatorConfig = {
    brokers: brokerList(read.string("TOLLGATE_KAFKA_BROKERS", "127.0.0.1:9092")),
    topicPrefix: read.string("TOLLGATE_TOPIC_PREFIX", ""),
    apiUrl: read.string("TOLLGATE_API_URL", "http://127.0.0.1:8080"),
    apiKey: usesHttp ? read.string("TOLLGATE_API_KEY") : read.string("TOLLGATE_API_KEY", ""),
  };
  read.finish();
  return config;
}

/** The one place where this app looks at its process's environment. */
export function processEnvironment(): Environment {
  return process.env;
}
