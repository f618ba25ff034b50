// Discover names an enrollment service at a host that nobody gave to the device: a simulated one must not go there.
import type { ExchangeFault } from './fault.ts';

const ELSEWHERE = 'https://mdm.elsewhere.example';

export const foreignAddress: ExchangeFault = {
  kind: 'exchange',
  operations: ['discover'],
  act: ({ tenant, answer }) => {
    const reply = answer();
    if (reply.status !== 200 || typeof reply.body !== 'string') return undefined;
    return { ...reply, body: reply.body.replaceAll(tenant.endpoints.enrollment, ELSEWHERE) };
  },
};
