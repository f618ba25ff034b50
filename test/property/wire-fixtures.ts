// The golden messages of protocol/fixtures: golden-* as our writers make them, foreign-* written by hand in the manner of other
// servers and clients.
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../protocol/fixtures/', import.meta.url);

export function fixtureNames(): string[] {
  return readdirSync(FOLDER).filter((name) => /^(?:golden|foreign)-/.test(name));
}

export function fixture(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}
