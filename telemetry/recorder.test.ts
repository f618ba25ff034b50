import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../kernel/clock.ts';
import { decodeFrame, encodeFrame } from './frames.ts';
import { ShardRecorder } from './recorder.ts';
import { sampleRecord } from './fixtures/records.ts';

describe('ShardRecorder', () => {
  it('numbers its frames from one and says when each was taken', async () => {
    const clock = new VirtualClock(5_000);
    const recorder = new ShardRecorder(3, clock);
    const first = recorder.takeFrame();
    await clock.advance(250);
    const second = recorder.takeFrame();
    expect([first.shard, first.sequence, first.sentAtMs]).toEqual([3, 1, 5_000]);
    expect([second.sequence, second.sentAtMs]).toEqual([2, 5_250]);
  });

  it('sends counters as what they grew by, and only those that did', () => {
    const recorder = new ShardRecorder(0, new VirtualClock());
    recorder.count('flotilla_bytes_total', ['login', 'sent'], 300);
    recorder.count('flotilla_bytes_total', ['login', 'sent']);
    recorder.count('flotilla_bytes_total', ['join', 'sent'], 7);
    expect(recorder.takeFrame().counters).toEqual([
      { metric: 'flotilla_bytes_total', labels: ['login', 'sent'], value: 301 },
      { metric: 'flotilla_bytes_total', labels: ['join', 'sent'], value: 7 },
    ]);
    recorder.count('flotilla_bytes_total', ['join', 'sent'], 2);
    expect(recorder.takeFrame().counters).toEqual([
      { metric: 'flotilla_bytes_total', labels: ['join', 'sent'], value: 2 },
    ]);
    expect(recorder.takeFrame().counters).toEqual([]);
  });

  it('sends gauges as they stand, so that a lost or repeated frame does no harm', () => {
    const recorder = new ShardRecorder(0, new VirtualClock());
    recorder.gauge('flotilla_devices_in_flight', ['sign-in'], 1);
    recorder.gauge('flotilla_devices_in_flight', ['sign-in'], 1);
    recorder.takeFrame();
    recorder.gauge('flotilla_devices_in_flight', ['sign-in'], -1);
    expect(recorder.takeFrame().gauges).toEqual([
      { metric: 'flotilla_devices_in_flight', labels: ['sign-in'], value: 1 },
    ]);
  });

  it('sends what was observed since the last frame', () => {
    const recorder = new ShardRecorder(0, new VirtualClock());
    const labels = ['login', 'token', '200'];
    recorder.observe('flotilla_exchange_duration_seconds', labels, 0.5);
    recorder.takeFrame();
    recorder.observe('flotilla_exchange_duration_seconds', labels, 0.25);
    const [series] = recorder.takeFrame().histograms;
    expect(series?.delta).toMatchObject({ count: 1, sum: 0.25, max: 0.25 });
  });

  it('tells starts with their lateness, which it observes, and ends with their instant', async () => {
    const clock = new VirtualClock(1_000);
    const recorder = new ShardRecorder(0, clock);
    recorder.deviceStarted(4, 12);
    recorder.deviceStarted(6, -0.2);
    recorder.deviceNotStarted(8);
    await clock.advance(100);
    recorder.deviceFinished(sampleRecord({ index: 4 }));
    await clock.advance(50);
    const frame = recorder.takeFrame();
    expect(frame.started).toEqual([
      { index: 4, latenessMs: 12 },
      { index: 6, latenessMs: 0 },
    ]);
    expect(frame.notStarted).toEqual([8]);
    expect(frame.finished).toEqual([{ atMs: 1_100, record: sampleRecord({ index: 4 }) }]);
    expect(frame.histograms[0]).toMatchObject({ metric: 'flotilla_arrival_lateness_seconds', delta: { count: 2 } });
    expect(recorder.takeFrame()).toMatchObject({ started: [], notStarted: [], finished: [] });
  });

  it('takes a label outside its closed set for an error of the programmer', () => {
    const recorder = new ShardRecorder(0, new VirtualClock());
    expect(() => recorder.count('flotilla_bytes_total', ['https://x', 'sent'])).toThrow(
      'do not fit flotilla_bytes_total',
    );
  });

  it('takes frames that pass the checks of the other side', () => {
    const recorder = new ShardRecorder(0, new VirtualClock());
    recorder.count('flotilla_management_messages_total', []);
    recorder.deviceStarted(0, 1);
    recorder.deviceFinished(sampleRecord());
    const frame = recorder.takeFrame();
    expect(decodeFrame(encodeFrame(frame))).toEqual({ ok: true, value: frame });
  });
});
