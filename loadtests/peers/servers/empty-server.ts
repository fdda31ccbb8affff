/** Peer: the least a Node server can do with a request: read it, answer. */
import { createServer } from "node:http";
import { peerConfig } from "./config.ts";

createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end("{}");
  });
}).listen(peerConfig().port, "127.0.0.1");
