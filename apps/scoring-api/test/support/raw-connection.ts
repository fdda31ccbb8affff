import { once } from "node:events";
import { connect } from "node:net";

/** A TCP connection on which a test says exactly what it likes. */
export interface RawConnection extends Disposable {
  write(text: string | Buffer): void;
  /** Ends it at once, as a client that is killed. */
  kill(): void;
  /** Everything received, once it matches; rejects when the connection ends before. */
  receives(pattern: RegExp): Promise<string>;
  /** Everything received until the server closed. */
  untilClosed(): Promise<string>;
}

export async function openRawConnection(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  let received = "";
  let look = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
    look();
  });
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      resolve();
      look();
    });
  });
  socket.on("error", () => {});
  return {
    write: (text) => void socket.write(text),
    kill: () => void socket.resetAndDestroy(),
    receives: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (pattern.test(received)) resolve(received);
          else if (socket.destroyed) reject(new Error(`connection ended after: ${received}`));
        };
        look();
      }),
    untilClosed: async () => {
      await closed;
      return received;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** A request's text. */
export function requestText(line: string, headers: Readonly<Record<string, string>>, body = ""): string {
  const lines = Object.entries({ host: "test", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}
