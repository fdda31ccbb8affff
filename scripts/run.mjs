// Runs a file of this repository on the pinned Node, whatever Node the machine has (20.11 or newer):
// `node scripts/run.mjs FILE [arguments…]`. Missing dependencies are installed first.
// Plain JavaScript on purpose, as all it imports: it runs before anything is installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installDependencies, pinnedNodePath, root } from "./bootstrap/install-dependencies.mjs";
import { exitCodeOf, fail, forwardSignals } from "./bootstrap/process.mjs";

/** Type stripping is stable from 24.12: what a machine without a pinned binary (macOS) must have. */
const oldestUsableNode = [24, 12];

await installDependencies();
runOnPinnedNode(process.argv.slice(2));

/** Becomes that process where this Node can (22.15 and newer); else starts it and waits. */
function runOnPinnedNode(args) {
  if (args.length === 0) return;
  const node = chooseNode();
  const binFolder = join(root, "node_modules", ".bin");
  const env = { ...process.env, PATH: `${binFolder}${delimiter}${process.env.PATH ?? ""}` };
  process.chdir(root);
  // With no process in between, each signal arrives once and nothing is held in memory beside the app.
  if (process.execve !== undefined && process.platform !== "win32")
    process.execve(node, [node, ...args], env);
  const child = spawn(node, args, { stdio: "inherit", env });
  forwardSignals(child);
  child.on("error", (error) => fail(`${node} could not be started: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? exitCodeOf(signal)));
}

function chooseNode() {
  if (existsSync(pinnedNodePath)) return pinnedNodePath;
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestUsableNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return process.execPath;
  return fail(
    `no pinned Node for ${process.platform}-${process.arch} and this one is ${process.version}: ` +
      `install Node ${oldestUsableNode.join(".")} or newer (.nvmrc names the version) and run this again.`,
  );
}
