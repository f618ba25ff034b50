import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../kernel/limits.ts';
import { parseSyncml } from './parse.ts';
import { writeSyncml } from './write.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}.xml`, import.meta.url), 'utf8');
}

const HEADER =
  '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>t</LocURI></Target><Source><LocURI>s</LocURI></Source></SyncHdr>';

function document(body: string, header = HEADER): string {
  return `<SyncML xmlns="SYNCML:SYNCML1.2">${header}<SyncBody>${body}</SyncBody></SyncML>`;
}

function reasonOf(text: string): string | undefined {
  const parsed = parseSyncml(text);
  return parsed.ok ? undefined : parsed.error.reason;
}

describe('parseSyncml', () => {
  it("reads a device's first package", () => {
    expect(parseSyncml(fixture('first-package'))).toEqual({
      ok: true,
      value: {
        header: {
          sessionId: '1',
          msgId: 1,
          targetUri: 'https://manage.flotilla.example/omadm?mode=Maintenance&Platform=WoA',
          sourceUri: '4F1C0DE5-0000-4000-8000-000000000001',
          maxMsgSize: 524_288,
          credential: { format: 'b64', type: 'syncml:auth-md5', data: 'c2VjcmV0' },
        },
        commands: [
          { kind: 'alert', cmdId: '2', code: 1201, items: [] },
          {
            kind: 'alert',
            cmdId: '3',
            code: 1224,
            items: [{ type: 'com.microsoft/MDM/BootstrapSync', data: 'device' }],
          },
          {
            kind: 'replace',
            cmdId: '4',
            items: [
              { source: './DevInfo/DevId', data: '4F1C0DE5-0000-4000-8000-000000000001' },
              { source: './DevInfo/Lang', data: 'en-US' },
            ],
          },
        ],
        final: true,
      },
    });
  });

  it('reads prefixes, CDATA, data of elements, challenges, original errors and Meta of the command', () => {
    const parsed = parseSyncml(fixture('server-round'));
    expect(parsed.ok && parsed.value.commands).toEqual([
      {
        kind: 'status',
        cmdId: '1',
        msgRef: 2,
        cmdRef: '0',
        cmd: 'SyncHdr',
        code: 212,
        challenge: { format: 'b64', type: 'syncml:auth-md5', nextNonce: 'bm9uY2U=' },
      },
      {
        kind: 'status',
        cmdId: '2',
        msgRef: 2,
        cmdRef: '4',
        cmd: 'Get',
        targetRef: './DevInfo/Nothing',
        code: 404,
        originalError: '0x86000002',
      },
      {
        kind: 'atomic',
        cmdId: '3',
        commands: [
          {
            kind: 'replace',
            cmdId: '4',
            items: [
              { target: './Vendor/MSFT/Policy/Config/A/B', format: 'chr', data: '<enabled/>& more' },
              {
                target: './Vendor/MSFT/Policy/Config/A/C',
                format: 'xml',
                data: '<profile xmlns="urn:p"><name a="1">x &amp; y</name></profile>',
              },
            ],
          },
          { kind: 'exec', cmdId: '5', items: [{ target: './Vendor/MSFT/X' }] },
        ],
      },
    ]);
    expect(parsed.ok && parseSyncml(writeSyncml(parsed.value))).toEqual(parsed);
  });

  it('leaves a missing CmdID to the receiver', () => {
    const parsed = parseSyncml(document('<Get><Item/></Get>'));
    expect(parsed.ok && parsed.value.commands).toEqual([{ kind: 'get', cmdId: '', items: [{}] }]);
    expect(parsed.ok && parsed.value.final).toBe(false);
  });

  it.each([
    ['', 'root'],
    ['<SyncML xmlns="SYNCML:SYNCML1.1"/>', 'not SyncML 1.2'],
    ['<a:SyncML/>', 'a'],
    [document('', ''), 'SyncHdr is missing'],
    [`<SyncML xmlns="SYNCML:SYNCML1.2">${HEADER}</SyncML>`, 'SyncBody is missing'],
    [document('', HEADER.replace('DM/1.2', 'DM/1.1')), 'DM/1.2'],
    [document('', HEADER.replace('<MsgID>1', '<MsgID>one')), 'MsgID'],
    [document('', HEADER.replace('<SessionID>1</SessionID>', '')), 'lacks'],
    [document('<Status><CmdID>1</CmdID><Data>200</Data></Status>'), 'CmdRef'],
    [document('<Alert><CmdID>1</CmdID></Alert>'), 'code of an Alert'],
    [document('<Get><CmdID>1</CmdID>'), 'Get'],
    [`<!DOCTYPE SyncML [<!ENTITY a "b">]>${document('')}`, 'DOCTYPE'],
    [document('<Get><CmdID>1</CmdID></Get>'.repeat(LIMITS.syncmlCommandsMax + 1)), 'commands'],
    [document('<Sequence><CmdID>1</CmdID>'.repeat(LIMITS.xmlDepthMax)), 'deep'],
  ])('refuses %# with a reason', (text, reason) => {
    expect(reasonOf(text)).toContain(reason);
  });

  it('says where it went wrong', () => {
    const text = document('<Alert><CmdID>1</CmdID><Data>x</Data></Alert>');
    const parsed = parseSyncml(text);
    expect(!parsed.ok && parsed.error.offset).toBe(text.indexOf('<Alert>'));
  });
});

describe('writeSyncml', () => {
  it('writes CmdID first, Meta in syncml:metinf, and declares what originalerror needs', () => {
    const written = writeSyncml({
      header: { sessionId: '1', msgId: 1, targetUri: 'a&b', sourceUri: 's' },
      commands: [
        { kind: 'add', cmdId: '1', items: [{ target: './x', format: 'chr', data: '<a/>' }] },
        { kind: 'status', cmdId: '2', msgRef: 1, cmdRef: '1', cmd: 'Get', code: 404, originalError: '0x86000002' },
      ],
      final: true,
    });
    expect(written).toContain('<LocURI>a&amp;b</LocURI>');
    expect(written).toContain(
      '<Add><CmdID>1</CmdID><Item><Target><LocURI>./x</LocURI></Target><Meta><Format xmlns="syncml:metinf">chr</Format></Meta><Data>&lt;a/&gt;</Data></Item></Add>',
    );
    expect(written).toContain('<SyncBody xmlns:msft="http://schemas.microsoft.com/MobileDevice/MDM">');
    expect(written).toContain('<Data msft:originalerror="0x86000002">404</Data>');
  });
});
