import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Says which process listens on a TCP port ("redis-server, pid 812"), or undefined when nobody can tell. */
export function portOwner(port: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) => listeningInodes(path, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of folderEntries("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of folderEntries(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode !== undefined && inodes.has(inode)) return `${commandOf(pid)}, pid ${pid}`;
    }
  }
  return undefined;
}

function listeningInodes(path: string, port: number): readonly string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const listening = "0A";
  const rows = fileText(path).split("\n").slice(1);
  return rows.flatMap((row) => {
    const fields = row.trim().split(/\s+/);
    const matches = fields[1]?.endsWith(`:${hexPort}`) === true && fields[3] === listening;
    return matches && fields[9] !== undefined ? [fields[9]] : [];
  });
}

function commandOf(pid: string): string {
  const [executable = "", ...rest] = fileText(`/proc/${pid}/cmdline`)
    .split("\0")
    .filter((part) => part !== "");
  const name = executable.split("/").at(-1) ?? "";
  const isJvm = name === "java";
  const main = isJvm ? rest.find((part) => /^[a-z][\w.]*\.[A-Z]\w*$/.test(part)) : undefined;
  return main ?? (name === "" ? "a process" : name);
}

function folderEntries(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function fileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
