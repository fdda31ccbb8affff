import type { Check } from "./check.ts";
import { isPortFree } from "./choose-port.ts";
import type { LocalStackConfig } from "./config.ts";
import { portOwner } from "./port-owner.ts";
import { resolveService } from "./resolve-service.ts";
import type { ServiceDefinition } from "./service-definition.ts";
import { serviceDefinitions } from "./service-definitions.ts";
import { serviceNames, serviceTitles, urlVariables } from "./service-name.ts";

/** For each service: where it would come from, and whether its own port is free. */
export async function checkServices(config: LocalStackConfig): Promise<readonly Check[]> {
  const definitions = serviceNames.map((name) => serviceDefinitions[name]);
  const sources = await Promise.all(definitions.map((definition) => checkSource(definition, config)));
  const ports = await Promise.all(definitions.map(checkPort));
  return [...sources, ...ports];
}

async function checkSource(definition: ServiceDefinition, config: LocalStackConfig): Promise<Check> {
  const title = serviceTitles[definition.name];
  const resolution = resolveService(definition, config);
  switch (resolution.kind) {
    case "external":
      return checkExternal(definition, resolution.url);
    case "installed":
    case "fetched": {
      const { label, path } = resolution.binaries;
      return { title, state: "good", found: `${label}, ${resolution.kind}: ${path}` };
    }
    case "to-fetch":
      return { title, state: "good", found: "is fetched into .local/ when it is first started" };
    case "docker":
      return { title, state: "good", found: "runs as a container of infra/local/compose.yaml" };
    case "missing": {
      // Without Prometheus the demo runs: it only has no history.
      const state = definition.name === "prometheus" ? "optional" : "bad";
      return { title, state, found: "missing", fix: resolution.sentence };
    }
    default:
      return resolution satisfies never;
  }
}

async function checkExternal(definition: ServiceDefinition, url: string): Promise<Check> {
  const title = serviceTitles[definition.name];
  const variable = urlVariables[definition.name];
  try {
    await definition.answers(url);
    return { title, state: "good", found: `external, ${variable}=${url}` };
  } catch {
    const fix = `start it, or unset ${variable}`;
    return { title, state: "bad", found: `${variable}=${url} does not answer`, fix };
  }
}

async function checkPort(definition: ServiceDefinition): Promise<Check> {
  const { defaultPort: port } = definition;
  const title = `Port ${port}`;
  if (await isPortFree(port)) return { title, state: "good", found: "free" };
  const owner = portOwner(port) ?? "another program";
  return { title, state: "optional", found: `taken by ${owner}`, fix: "none needed: another port is chosen" };
}
