// AD FS does not work: its proxy answers in its place.
import { htmlReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

const PAGE = '<!DOCTYPE html><title>Service Unavailable</title><h1>503 Service Unavailable</h1><p>SIMULATED</p>';

export const federationDown: ExchangeFault = {
  kind: 'exchange',
  act: () => htmlReply(503, PAGE),
};
