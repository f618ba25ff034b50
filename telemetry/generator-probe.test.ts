import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../kernel/clock.ts';
import { startGeneratorProbe } from './generator-probe.ts';
import { ShardRecorder } from './recorder.ts';

/** A clock whose timers all fire so much late, as behind a busy event loop. */
class LateClock extends VirtualClock {
  readonly #lateMs: number;

  constructor(lateMs: number) {
    super();
    this.#lateMs = lateMs;
  }

  override every(realMs: number, fire: () => void): () => void {
    return super.every(realMs + this.#lateMs, fire);
  }
}

/** Until the thread's own clock has moved: the system may count it in whole ticks. */
function work(): void {
  const before = process.threadCpuUsage();
  while (process.threadCpuUsage(before).user + process.threadCpuUsage(before).system === 0);
}

describe('startGeneratorProbe', () => {
  it('observes how late timers fire', async () => {
    const clock = new LateClock(30);
    const recorder = new ShardRecorder(0, clock);
    const end = startGeneratorProbe(recorder, '0', clock);
    await clock.advance(500);
    end();
    const delays = recorder.takeFrame().histograms[0];
    expect(delays).toMatchObject({ metric: 'flotilla_generator_event_loop_delay_seconds', labels: ['0'] });
    expect(delays?.delta).toMatchObject({ count: 10, max: 0.03 });
  });

  it('counts the CPU of its thread, and stops when told', async () => {
    const clock = new VirtualClock();
    const recorder = new ShardRecorder(0, clock);
    const end = startGeneratorProbe(recorder, '0', clock);
    work();
    await clock.advance(1_000);
    end();
    const cpu = recorder.takeFrame().counters.find(({ metric }) => metric === 'flotilla_generator_cpu_seconds_total');
    expect(cpu?.value).toBeGreaterThan(0);
    await clock.advance(1_000);
    expect(recorder.takeFrame().histograms).toEqual([]);
  });
});
