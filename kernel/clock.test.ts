import { describe, expect, it } from 'vitest';
import { RealClock, VirtualClock } from './clock.ts';
import { Stop } from './stop.ts';

describe('VirtualClock', () => {
  it('fires in order of time, and of setting where times are equal', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.after(20, () => fired.push('b'));
    clock.after(10, () => fired.push('a'));
    clock.after(20, () => fired.push('c'));
    await clock.advance(19);
    expect(fired).toEqual(['a']);
    await clock.advance(1);
    expect(fired).toEqual(['a', 'b', 'c']);
    expect(clock.nowMs()).toBe(20);
  });

  it('lets promises between two events run before time moves on', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const walk = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await clock.waitReal(10);
        seen.push(clock.nowMs());
      }
    };
    void walk();
    await clock.advance(100);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('repeats until cancelled', async () => {
    const clock = new VirtualClock();
    let count = 0;
    const cancel = clock.every(10, () => count++);
    await clock.advance(35);
    cancel();
    await clock.advance(100);
    expect(count).toBe(3);
  });
});

describe.each([
  ['virtual', () => new VirtualClock(0, 60)],
  ['scaled', () => new RealClock(60)],
])('every clock: %s', (_name, make) => {
  it('shrinks simulated waits by its speed, and ends a wait when the stop comes', async () => {
    const clock = make();
    const stop = new Stop();
    const scaled = clock.waitSimulated(600);
    if (clock instanceof VirtualClock) await clock.advance(10);
    expect(await scaled).toBe('elapsed');
    const stopped = clock.waitReal(1e6, stop);
    stop.stop();
    expect(await stopped).toBe('stopped');
    expect(await clock.waitReal(1, stop)).toBe('stopped');
  });
});

describe('Stop', () => {
  it('calls a listener once, not at all when forgotten, at once when late', () => {
    const stop = new Stop();
    const calls: string[] = [];
    stop.onStop(() => calls.push('kept'));
    stop.onStop(() => calls.push('forgotten'))();
    stop.stop();
    stop.stop();
    stop.onStop(() => calls.push('late'));
    expect(calls).toEqual(['kept', 'late']);
  });
});
