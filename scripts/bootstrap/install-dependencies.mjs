import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { takeInstallLock } from "./install-lock.mjs";
import { exitCodeOf, fail, forwardSignals } from "./process.mjs";

/** The repository's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const pinnedPackage = `node_modules/node-${process.platform}-${process.arch}`;
/** The binary of the Node version that package.json pins; absent where npm has none for the platform. */
export const pinnedNodePath = join(root, pinnedPackage, "bin", "node");

const installedList = join(root, "node_modules", ".package-lock.json");

/** Makes node_modules hold every version that package-lock.json names, whoever installed it last. */
export async function installDependencies() {
  if (isInstalled()) return;
  const lock = await takeInstallLock(join(root, ".local", "install.lock"));
  if (!isInstalled()) await install(lock);
  lock.release();
}

function isInstalled() {
  const wanted = readPackages(join(root, "package-lock.json"));
  if (wanted === undefined)
    return fail("package-lock.json is missing or broken: git checkout package-lock.json");
  const present = readPackages(installedList);
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/")) return true;
    if (path === pinnedPackage && !existsSync(pinnedNodePath)) return false;
    const installed = present[path];
    if (installed === undefined) return entry.optional === true;
    return installed.version === entry.version && installed.link === entry.link;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

async function install(lock) {
  const fresh = !existsSync(installedList);
  console.error(
    fresh
      ? "tollgate: installing the dependencies that package-lock.json names (once, about half a minute) …"
      : "tollgate: node_modules is not what package-lock.json names, updating it …",
  );
  // Not `npm ci`: it empties node_modules under whatever runs from it, and it refuses a lock file in which a
  // registry mirror without every platform's packages left a gap. Both take the lock file's versions.
  const code = await runNpm(["install", "--no-save", "--include=dev", "--include=optional"], lock);
  if (code !== 0) {
    fail("`npm install` failed as said above. Does the registry answer (`npm ping`)? Then run this again.");
  }
  if (!isInstalled())
    fail("npm ended well, yet packages are missing. Delete node_modules and run this again.");
}

function runNpm(args, lock) {
  // npm as it was called (npm sets npm_execpath), else the one on PATH.
  const calledAs = process.env.npm_execpath ?? "";
  const [command, ...prefix] = basename(calledAs) === "npm-cli.js" ? [process.execPath, calledAs] : ["npm"];
  const child = spawn(command, [...prefix, ...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    // For an npm too old for allowScripts: this postinstall fetches GPU files from outside the registry.
    env: { ONNXRUNTIME_NODE_INSTALL: "skip", ...process.env },
  });
  if (child.pid !== undefined) lock.addOwner(child.pid);
  const forwarding = forwardSignals(child);
  return new Promise((resolve) => {
    child.on("error", (error) =>
      fail(`npm could not be started: ${error.message}. Node brings it: is it on PATH?`),
    );
    child.on("exit", (code, signal) => {
      forwarding.stop();
      const stoppedBy = forwarding.received ?? signal; // npm answers a signal with exit code 1.
      if (stoppedBy !== null) process.exit(exitCodeOf(stoppedBy));
      resolve(code);
    });
  });
}
