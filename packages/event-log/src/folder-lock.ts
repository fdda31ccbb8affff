import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EventLogError } from "./errors.ts";

/**
 * Holds a folder for this process, by a file with its id and start time; a dead holder's file is taken over.
 * @returns releases the folder.
 * @throws EventLogError `OUTBOX_LOCKED` while another holder lives.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "lock");
  if (!createExclusively(path)) {
    const holder = readFileSync(path, "utf8").trim();
    const [processId = "0", startedAt = ""] = holder.split(" ");
    if (isAlive(Number(processId), startedAt)) {
      throw new EventLogError("OUTBOX_LOCKED", `${folder} is held by process ${processId}`);
    }
    unlinkSync(path);
    if (!createExclusively(path)) throw new EventLogError("OUTBOX_LOCKED", `${folder} was just taken`);
  }
  return () => unlinkSync(path);
}

function createExclusively(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid} ${startOf(process.pid)}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Alive and the same process: in a container each is number 1, so the start time tells them apart. */
function isAlive(processId: number, startedAt: string): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return startOf(processId) === startedAt;
}

/** Start time in clock ticks since boot with the boot's id (Linux); empty where /proc is missing. */
function startOf(processId: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const fields = readFileSync(`/proc/${processId}/stat`, "utf8");
    // Field 22 counted from 1; the name in field 2 may hold spaces, so count after its bracket.
    const start = fields.slice(fields.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return `${boot}:${start}`;
  } catch {
    return "";
  }
}
