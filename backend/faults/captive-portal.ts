// A portal on the way answers the connectivity probe with its own sign-in page.
import { htmlReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

const PORTAL = '<!DOCTYPE html><title>Guest network</title><h1>Accept the terms of this network (SIMULATED)</h1>';

export const captivePortal: ExchangeFault = {
  kind: 'exchange',
  operations: ['probe'],
  act: () => htmlReply(200, PORTAL),
};
