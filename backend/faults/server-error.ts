// A service that fails inside: 500 and the page of its front, in nobody's wire format.
import { htmlReply } from '../http/message.ts';
import type { ExchangeFault } from './fault.ts';

const PAGE = '<!DOCTYPE html><title>Server Error</title><h1>500 Internal Server Error</h1><p>SIMULATED</p>';

export const serverError: ExchangeFault = {
  kind: 'exchange',
  act: () => htmlReply(500, PAGE),
};
