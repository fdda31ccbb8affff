import type { LocalStackConfig } from "./config.ts";
import { dockerObstacle } from "./docker-service.ts";
import type { Binaries, ServiceDefinition } from "./service-definition.ts";
import { serviceTitles, urlVariables } from "./service-name.ts";

/** How a service would be provided; the first that holds, in this order. */
export type Resolution =
  | { readonly kind: "external"; readonly url: string }
  | { readonly kind: "installed"; readonly binaries: Binaries }
  | { readonly kind: "fetched"; readonly binaries: Binaries }
  | { readonly kind: "to-fetch" }
  | { readonly kind: "docker" }
  | { readonly kind: "missing"; readonly sentence: string };

/** Decides where a service comes from. Looks at the machine, changes nothing. */
export function resolveService(definition: ServiceDefinition, config: LocalStackConfig): Resolution {
  const url = config.externalUrls[definition.name];
  if (url !== undefined) return { kind: "external", url };
  const installed = definition.findInstalled(config.searchPath);
  if (installed !== undefined) return { kind: "installed", binaries: installed };
  const fetched = definition.findFetched(config.searchPath);
  if (fetched !== undefined) return { kind: "fetched", binaries: fetched };
  const obstacle = definition.fetchObstacle(config.searchPath);
  if (obstacle === undefined) return { kind: "to-fetch" };
  if (dockerObstacle(config.searchPath) === undefined) return { kind: "docker" };
  return { kind: "missing", sentence: missingSentence(definition, obstacle) };
}

/** One sentence: what is missing, why, and the ways to get it. */
export function missingSentence(definition: ServiceDefinition, obstacle: string): string {
  const title = serviceTitles[definition.name];
  const variable = urlVariables[definition.name];
  return (
    `${title} is missing: ${obstacle}, none is installed and no Docker engine answers; ` +
    `${definition.remedy}, or set ${variable} to one that runs.`
  );
}
