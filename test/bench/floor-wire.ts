// What both ends of the raw floor agree on: each message is its own length, the length of the wanted answer, and filler.

/** Two unsigned 32-bit numbers, big-endian: bytes of this message, bytes of the answer. */
export const PREFIX_BYTES = 8;

export function message(bytes: number, answerBytes: number): Buffer {
  const out = Buffer.alloc(Math.max(bytes, PREFIX_BYTES), 'x');
  out.writeUInt32BE(out.length, 0);
  out.writeUInt32BE(answerBytes, 4);
  return out;
}

/** To the server, once. */
export interface FloorServerSetup {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly caPem: string;
}

/** From the server: one port for each way to connect. */
export interface FloorServerPorts {
  readonly plain: number;
  readonly full: number;
  readonly mutual: number;
}
