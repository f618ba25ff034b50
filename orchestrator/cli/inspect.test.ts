import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeFrame, FRAME_VERSION } from '../../telemetry/frames.ts';
import { inspect } from './inspect.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const name = path.join(folder, 'artefact');
  writeFileSync(name, content);
  return name;
}

describe('inspect', () => {
  it('prints indented JSON with the kind first', async () => {
    expect(await inspect(file('{"CloudAssignedTenantId":"t"}'))).toEqual({
      ok: true,
      value: '{\n  "kind": "profile",\n  "CloudAssignedTenantId": "t"\n}',
    });
  });

  it('explains a telemetry frame', async () => {
    const frame = encodeFrame({
      version: FRAME_VERSION,
      shard: 3,
      sequence: 1,
      sentAtMs: 1_700_000_000_000,
      counters: [],
      gauges: [],
      histograms: [],
      started: [{ index: 7, latenessMs: 1.5 }],
      notStarted: [8],
      finished: [],
    });
    const explained = await inspect(file(frame));
    expect(explained.ok && JSON.parse(explained.value)).toMatchObject({
      kind: 'frame',
      shard: 3,
      started: [{ index: 7, latenessMs: 1.5 }],
      notStarted: [8],
    });
  });

  it('says why there is nothing to print', async () => {
    const reason = async (name: string, as?: string): Promise<string> => {
      const explained = await inspect(name, as);
      return explained.ok ? 'explained' : explained.error;
    };
    expect(await reason(path.join(folder, 'missing'))).toContain('can not be read: ENOENT');
    expect(await reason(file(''))).toContain('is empty');
    expect(await reason(file('hello'))).toContain('is none of the known kinds (hardware-hash, ');
    expect(await reason(file('hello'), 'magic')).toContain('"magic" is no kind; the kinds are hardware-hash, ');
    expect(await reason(file('<a>'), 'soap')).toContain('the document ends inside <a> (at offset 3)');
  });
});
