import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../kernel/clock.ts';
import { progressView } from './progress.ts';
import type { ProgressView } from './progress.ts';
import { goodRun, ledgerOf } from './fixtures/run.ts';
import { Terminal } from './terminal.ts';

const view: ProgressView = progressView(ledgerOf(goodRun()).totals, 1_000, false);

function terminal(isTTY: boolean, clock = new VirtualClock(), rows = 24): { terminal: Terminal; written: string[] } {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text), isTTY, columns: 80, rows };
  return { terminal: new Terminal(output, clock), written };
}

describe('Terminal', () => {
  it('redraws its block in place, under the lines that stay', () => {
    const { terminal: live, written } = terminal(true);
    live.line('first');
    live.progress(view);
    live.progress(view);
    live.line('event');
    const lines = (written[1] ?? '').split('\n').length - 1;
    const up = `\u001B[${lines}F\u001B[J`;
    expect(written[0]).toBe('first\n');
    expect(written[2]?.startsWith(up)).toBe(true);
    expect(written[3]).toBe(`${up}event\n`);
  });

  it('never fills the screen: what has scrolled off cannot be erased', () => {
    const { terminal: low, written } = terminal(true, new VirtualClock(), 10);
    low.progress(view);
    expect(written[0]?.split('\n')).toHaveLength(10);
  });

  it('takes its block away once', () => {
    const { terminal: live, written } = terminal(true);
    live.progress(view);
    live.clear();
    live.clear();
    expect(written).toHaveLength(2);
  });

  it('writes a plain line each five seconds where nobody can redraw', async () => {
    const clock = new VirtualClock();
    const { terminal: plain, written } = terminal(false, clock);
    for (let turn = 0; turn < 41; turn++) {
      plain.progress(view);
      await clock.advance(250);
    }
    expect(written).toHaveLength(3);
    expect(written.join('')).not.toContain('\u001B');
  });
});
