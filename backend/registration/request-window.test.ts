import { expect, it } from 'vitest';
import { RequestWindow, retryAfter } from './request-window.ts';

it('lets so many requests through, says when the next may pass, and begins anew', () => {
  const window = new RequestWindow(2, 1_000);
  expect([window.wait(500), window.wait(600), window.wait(700), window.wait(1_499)]).toEqual([0, 0, 800, 1]);
  expect([window.wait(1_500), window.wait(1_500), window.wait(1_500)]).toEqual([0, 0, 1_000]);
  expect([retryAfter(1), retryAfter(1_001)]).toEqual([{ 'retry-after': '1' }, { 'retry-after': '2' }]);
});
