// SyncML as a property: what is written reads back equal, however it was dressed, and no input makes the reader throw.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSyncml, writeSyncml } from '../../protocol/management/syncml.ts';
import type { Command, Item, SyncmlMessage } from '../../protocol/management/syncml.ts';

/** Any text that XML can carry, and often what has to be escaped. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '&',
        '>',
        ']]>',
        '"',
        "'",
        '\r\n',
        '\r',
        '\n',
        '\t',
        ' ',
        '\uf000',
        '&lt;',
        '<a b="c"/>',
        '😀',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }).filter((value) => /^[\t\n\r\u0020-\ufffd]*$/u.test(value)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
/** Text of a field in which space around it means nothing. */
const field = text.map((value) => value.trim());
const reference = fc.integer({ min: 0, max: 9999 });
const id = fc.integer({ min: 1, max: 99999 }).map(String);
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const item: fc.Arbitrary<Item> = fc.record({
  target: optional(field),
  source: optional(field),
  format: optional(fc.constantFrom('chr', 'int', 'bool', 'b64', 'xml', 'node')),
  type: optional(field),
  size: optional(reference),
  mark: optional(fc.constantFrom('warning', 'error')),
  data: optional(text),
  moreData: optional(fc.constant(true)),
});
const items = fc.array(item, { maxLength: 4 });

const flat: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('alert' as const), cmdId: id, code: reference, items }),
  fc.record({
    kind: fc.constantFrom('get', 'add', 'replace', 'delete', 'exec'),
    cmdId: fc.oneof(id, fc.constant('')),
    items,
  }),
  fc.record({ kind: fc.constant('results' as const), cmdId: id, msgRef: reference, cmdRef: id, items }),
  fc.record({
    kind: fc.constant('status' as const),
    cmdId: id,
    msgRef: reference,
    cmdRef: fc.oneof(id, fc.constant('0')),
    cmd: fc.constantFrom('SyncHdr', 'Get', 'Replace'),
    code: fc.integer({ min: 100, max: 599 }),
    targetRef: optional(field),
    originalError: optional(fc.constantFrom('0x86000002', '0x800710DF')),
    challenge: optional(fc.record({ format: optional(field), type: optional(field), nextNonce: optional(field) })),
    items: optional(fc.array(item, { minLength: 1, maxLength: 2 })),
  }),
);
const { command } = fc.letrec<{ command: Command }>((tie) => ({
  command: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    flat,
    fc.record({
      kind: fc.constantFrom('atomic', 'sequence'),
      cmdId: id,
      commands: fc.array(tie('command'), { maxLength: 4 }),
    }),
  ),
}));
const message: fc.Arbitrary<SyncmlMessage> = fc.record({
  header: fc.record({
    sessionId: field,
    msgId: reference,
    targetUri: field,
    sourceUri: field,
    maxMsgSize: optional(reference),
    credential: optional(fc.record({ format: optional(field), type: optional(field), data: text })),
  }),
  commands: fc.array(command, { maxLength: 8 }),
  final: fc.boolean(),
});

/** The same document with prefixes instead of default namespaces, CDATA instead of references, and comments between elements. */
function inOtherClothes(document: string): string {
  return document
    .replace(/<(\/?)([A-Z])/g, '<$1s:$2')
    .replace('xmlns="SYNCML:SYNCML1.2"', 'xmlns:s="SYNCML:SYNCML1.2" xmlns:m="syncml:metinf"')
    .replace(
      /<s:(Format|Type|Size|Mark|NextNonce|MaxMsgSize) xmlns="syncml:metinf">([^<]*)<\/s:\w+>/g,
      '<m:$1>$2</m:$1>',
    )
    .replace(/&lt;/g, '<![CDATA[<]]>')
    .replace(/<s:Item>/g, '<!-- an item --><s:Item >\n ')
    .replace(/<s:Final\/>/g, '<x:Unknown xmlns:x="urn:other"><x:Get/></x:Unknown><s:Final></s:Final>');
}

describe('SyncML', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(parseSyncml(writeSyncml(value))).toEqual({ ok: true, value });
      }),
      { numRuns: 60 },
    );
  });

  it('reads the same from prefixes, CDATA and comments', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(parseSyncml(inOtherClothes(writeSyncml(value)))).toEqual({ ok: true, value });
      }),
      { numRuns: 60 },
    );
  });

  it('reads a damaged document or says where it is wrong, and never throws', () => {
    const damage = fc.record({
      at: fc.nat(),
      length: fc.nat({ max: 12 }),
      by: fc.oneof(text, fc.constantFrom('</', '<x>', '&', '<!DOCTYPE a>')),
    });
    fc.assert(
      fc.property(message, damage, (value, { at, length, by }) => {
        const good = writeSyncml(value);
        const start = at % good.length;
        const damaged = good.slice(0, start) + by + good.slice(start + length);
        const read = parseSyncml(damaged);
        if (read.ok) expect(parseSyncml(writeSyncml(read.value))).toEqual(read);
        else expect(read.error.offset).toBeLessThanOrEqual(damaged.length);
      }),
      { numRuns: 100 },
    );
  });
});
