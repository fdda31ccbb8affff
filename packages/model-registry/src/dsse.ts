/** Media type of an in-toto statement, which is what a model's signature signs. */
export const statementMediaType = "application/vnd.in-toto+json";

/** What is signed of a payload (DSSE 1.0): its type and length are part of it. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const typeBytes = Buffer.byteLength(payloadType);
  const head = `DSSEv1 ${typeBytes} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
