// One install at a time: two commands started at once in a fresh clone must not write the same folder.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail } from "./process.mjs";

/** A lock whose owner never wrote its id is left by a crash between two system calls. */
const ownerlessLimitMs = 10_000;
/** An install takes about half a minute; after this long the other one hangs. */
const waitLimitMs = 600_000;
const pollMs = 250;

/**
 * Waits for the lock folder and takes it. It counts as free when none of the processes in it lives.
 * `addOwner` names a child that may outlive this process; the end of the process releases the lock too.
 */
export async function takeInstallLock(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const waitUntil = Date.now() + waitLimitMs;
  let said = false;
  while (!tryToTake(folder)) {
    if (!said) console.error("tollgate: waiting for another command that installs the dependencies …");
    said = true;
    if (Date.now() > waitUntil)
      fail(`another install does not end. Stop it, delete ${folder}, run this again.`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const release = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", release);
  return {
    addOwner: (processId) => writeOwners(folder, [process.pid, processId]),
    release: () => {
      process.off("exit", release);
      release();
    },
  };
}

function tryToTake(folder) {
  try {
    mkdirSync(folder);
    writeOwners(folder, [process.pid]);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") fail(`cannot write ${folder}: ${error.message}`);
  }
  if (isStale(folder)) moveAway(folder);
  return false;
}

function isStale(folder) {
  try {
    return !readFileSync(join(folder, "owners"), "utf8").split(" ").map(Number).some(isAlive);
  } catch {
    return ageMs(folder) > ownerlessLimitMs;
  }
}

/** A rename is atomic: of several commands that saw the lock stale, one moves it. */
function moveAway(folder) {
  const aside = `${folder}.stale-${process.pid}`;
  try {
    renameSync(folder, aside);
  } catch {
    return; // Another command moved it first.
  }
  rmSync(aside, { recursive: true, force: true });
}

function isAlive(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function ageMs(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs;
  } catch {
    return 0;
  }
}

function writeOwners(folder, processIds) {
  writeFileSync(join(folder, "owners"), processIds.join(" "));
}
