// The SCEP server's answer comes changed: the signature over it does not hold.
import type { ExchangeFault } from './fault.ts';

export const scepReplyForged: ExchangeFault = {
  kind: 'exchange',
  operations: ['enroll'],
  act: ({ answer }) => {
    const reply = answer();
    if (reply.status !== 200 || !(reply.body instanceof Uint8Array)) return undefined;
    const body = Buffer.from(reply.body);
    // The signature is what a CertRep ends with.
    body[body.length - 1] = body[body.length - 1]! ^ 0xff;
    return { ...reply, body };
  },
};
