// `flotilla inspect FILE|-`: explains an artefact as JSON on standard output. What can't be read ends with exit code 2 and the
// reason on standard error.
import { createReadStream } from 'node:fs';
import { isatty } from 'node:tty';
import type { Command } from 'commander';
import { LIMITS } from '../../kernel/limits.ts';
import { fail, messageOf, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { INSPECT_KINDS, isInspectKind } from '../../protocol/inspect/explainer.ts';
import type { Explainer, InspectKind } from '../../protocol/inspect/explainer.ts';
import { explanation } from '../../protocol/inspect/explainer.ts';
import { PROTOCOL_EXPLAINERS } from '../../protocol/inspect/explain.ts';
import { guessKind } from '../../protocol/inspect/guess.ts';
import { decodeFrame } from '../../telemetry/frames.ts';

const EXPLAINERS: Readonly<Record<InspectKind, Explainer>> = {
  ...PROTOCOL_EXPLAINERS,
  frame: (bytes) => {
    const frame = decodeFrame(bytes);
    return frame.ok ? ok(explanation('frame', frame.value)) : frame;
  },
};

const USAGE_EXIT_CODE = 2;

export function inspectCommand(program: Command): void {
  program
    .command('inspect')
    .description('explain an artefact as JSON: hardware hash, CSV, profile, SOAP, SyncML, certificate, token, ...')
    .argument('<file>', 'the artefact; - reads standard input')
    .option('--as <kind>', `say what it is instead of guessing: ${INSPECT_KINDS.join(', ')}`)
    .action(async (file: string, options: { as?: string }) => {
      const explained = await inspect(file, options.as);
      if (explained.ok) process.stdout.write(`${explained.value}\n`);
      else {
        process.stderr.write(`flotilla inspect: ${explained.error}\n`);
        process.exitCode = USAGE_EXIT_CODE;
      }
    });
}

/** The JSON text, or the sentence that says why there is none. */
export async function inspect(file: string, as?: string): Promise<Result<string, string>> {
  if (as !== undefined && !isInspectKind(as))
    return fail(`"${as}" is no kind; the kinds are ${INSPECT_KINDS.join(', ')}`);
  const bytes = await readBounded(file);
  if (!bytes.ok) return bytes;
  if (bytes.value.length === 0) return fail(`${name(file)} is empty`);
  const kind = as ?? guessKind(bytes.value);
  if (kind === undefined) {
    return fail(
      `${name(file)} is none of the known kinds (${INSPECT_KINDS.join(', ')}); --as KIND says which one it is`,
    );
  }
  const explained = EXPLAINERS[kind](bytes.value);
  if (explained.ok) return ok(JSON.stringify(explained.value, undefined, 2));
  const { offset, reason } = explained.error;
  return fail(`${name(file)} can not be read as ${kind}: ${reason} (at offset ${offset})`);
}

function name(file: string): string {
  return file === '-' ? 'standard input' : file;
}

async function readBounded(file: string): Promise<Result<Uint8Array, string>> {
  if (file === '-' && isatty(0)) return fail('standard input is a terminal');
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      const bytes = chunk as Buffer;
      chunks.push(bytes);
      length += bytes.length;
      if (length > LIMITS.inspectBytesMax) return fail(`${name(file)} has more than ${LIMITS.inspectBytesMax} bytes`);
    }
  } catch (thrown) {
    return fail(`${name(file)} can not be read: ${messageOf(thrown)}`);
  }
  return ok(Buffer.concat(chunks));
}
