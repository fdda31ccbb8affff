import { configReader } from "@tollgate/runtime";

/** What a Node peer is told by the program that starts it. */
export interface PeerConfig {
  readonly port: number;
  readonly redisUrl: string;
  readonly modelPath: string;
}

export function peerConfig(): PeerConfig {
  const read = configReader(process.env);
  const config = {
    port: read.integer("PEER_PORT", { default: 0, min: 0, max: 65_535 }),
    redisUrl: read.string("PEER_REDIS_URL"),
    modelPath: read.string("PEER_MODEL_PATH"),
  };
  read.finish();
  return config;
}
