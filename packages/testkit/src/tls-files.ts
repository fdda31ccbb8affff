import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate for 127.0.0.1 and the authority that it comes from, made for one test file. */
export interface TlsFiles {
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  remove(): void;
}

/** Whether this machine can make them; tells on the screen what is left out where it cannot. */
export function canCreateTlsFiles(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    process.stderr.write("openssl is not installed: tests with TLS are skipped\n");
    return false;
  }
}

/** Makes them with the machine's `openssl`: Node cannot sign certificates. Throws where there is none. */
export function createTlsFiles(): TlsFiles {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-tls-"));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { stdio: "pipe", cwd: folder });
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "2",
    "-subj",
    "/CN=test",
  );
  openssl("req", ...newKey, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1");
  writeFileSync(file("extensions"), "subjectAltName=IP:127.0.0.1\n");
  const signing = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "extensions"];
  openssl("x509", "-req", "-in", "server.csr", "-out", "server.crt", "-days", "2", ...signing);
  return {
    authorityFile: file("ca.crt"),
    certificateFile: file("server.crt"),
    keyFile: file("server.key"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
