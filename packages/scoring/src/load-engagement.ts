import type { BaseTransaction } from "@tollgate/contracts";
import { compileEngagement, type CompiledEngagement, type Engagement } from "@tollgate/engagement";

/** An engagement's package, loaded by name, and the folder where it carries its models. */
export interface LoadedEngagement {
  readonly compiled: CompiledEngagement<BaseTransaction>;
  /** Path of the package's `models` folder. */
  readonly modelsFolder: string;
}

/**
 * Loads the package that an app was told to serve: it exports `engagement`.
 * @throws when the package is missing or exports something else; the message says what to do.
 */
export async function loadEngagement(packageName: string): Promise<LoadedEngagement> {
  let exported: { readonly engagement?: Engagement<BaseTransaction> };
  try {
    exported = (await import(packageName)) as typeof exported;
  } catch (error) {
    throw new Error(
      `the engagement package "${packageName}" cannot be loaded (${(error as Error).message}): ` +
        "TOLLGATE_ENGAGEMENT must name a package of this workspace",
      { cause: error },
    );
  }
  if (exported.engagement === undefined) {
    throw new Error(`the package "${packageName}" does not export "engagement"`);
  }
  const modelsFolder = new URL("../models", import.meta.resolve(packageName)).pathname;
  return { compiled: compileEngagement(exported.engagement), modelsFolder };
}
