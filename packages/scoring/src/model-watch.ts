import type { SwapReport } from "@tollgate/inference";
import type { ModelRegistry } from "@tollgate/model-registry";
import type { Clock, Logger } from "@tollgate/runtime";
import { scoringLimits } from "./limits.ts";
import { lookEvery } from "./look-every.ts";

/** A name in the registry that points to one version now and to another one later. */
export interface ModelAlias {
  readonly name: string;
  readonly alias: string;
}

/** What a watch tells, for metrics. */
export interface ModelWatchObserver {
  loaded(report: SwapReport): void;
  /** The version that the alias names is not served: it could not be had, or did not verify. */
  refused(): void;
  /** Where the alias points to could not be read. */
  unreadable(): void;
}

export interface ModelWatchOptions {
  readonly registry: Pick<ModelRegistry, "aliasOf">;
  readonly alias: ModelAlias;
  readonly servedVersion: () => number;
  /**
   * Loads what the alias names, verifies it and puts it in the place of the served one. Rejects with nothing
   * changed. By the alias and not by the version that was seen: only the alias says which bytes it meant.
   */
  readonly swap: () => Promise<SwapReport>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: ModelWatchObserver;
}

export interface ModelWatch {
  /** Looks once, and swaps when the alias has moved. Never rejects; what fails leaves the served version. */
  check(): Promise<void>;
  /** Looks every so often until the function that it gives is called; that one waits for the last look. */
  start(everyMs: number): () => Promise<void>;
}

/** `name@alias` as an alias; undefined for `name@v3` and `name/3`, which name one version for ever. */
export function aliasOfReference(reference: string): ModelAlias | undefined {
  const match = /^(?<name>[^@/]+)@(?!v\d+$)(?<alias>.+)$/u.exec(reference);
  const { name, alias } = match?.groups ?? {};
  return name === undefined || alias === undefined ? undefined : { name, alias };
}

/** Follows an alias of the registry: a new champion serves a few seconds after it was named. */
export function createModelWatch(options: ModelWatchOptions): ModelWatch {
  const { logger, observer } = options;
  const { name, alias } = options.alias;
  const state: WatchState = { refused: undefined, readable: true };
  const check = async (): Promise<void> => {
    let version: number | undefined;
    try {
      version = await options.registry.aliasOf(name, alias);
      if (version === undefined) throw new Error(`the registry has no alias "${alias}" of "${name}"`);
      state.readable = true;
    } catch (error) {
      observer.unreadable();
      if (state.readable) logger.error("model-alias-unreadable", { name, alias, message: messageOf(error) });
      state.readable = false;
      return;
    }
    await follow(options, state, version);
  };
  return {
    check,
    start: (everyMs) => lookEvery(check, everyMs),
  };
}

interface WatchState {
  /** A version that does not load is not tried again at every look: loading takes a core for a second. */
  refused: { readonly version: number; readonly againMs: number } | undefined;
  /** What stays unreadable is said once. */
  readable: boolean;
}

async function follow(options: ModelWatchOptions, state: WatchState, version: number): Promise<void> {
  const { clock, logger, observer, servedVersion } = options;
  const served = servedVersion();
  if (version === served) {
    state.refused = undefined;
    return;
  }
  const nowMs = clock.monotonicMicros() / 1000;
  if (state.refused?.version === version && nowMs < state.refused.againMs) return;
  const { name } = options.alias;
  try {
    const report = await options.swap();
    state.refused = undefined;
    observer.loaded(report);
    logger.info("model-swapped", {
      name,
      from: served,
      to: version,
      loadMs: Math.round(report.loadMs),
      drainMs: Math.round(report.drainMs),
    });
  } catch (error) {
    state.refused = { version, againMs: nowMs + scoringLimits.modelRetryMs };
    observer.refused();
    logger.error("model-refused", { name, version, served, message: messageOf(error) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
