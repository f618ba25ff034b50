// A wap-provisioningdoc: characteristics as objects, parms as members, certificates explained. Every characteristic is kept,
// also those that the typed parser ignores.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64 } from '../encoding/base64.ts';
import { attribute, readXml } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';
import { explainCertificate } from './certificate.ts';
import { explanation } from './explainer.ts';
import type { Explanation } from './explainer.ts';
import { inputText } from './input.ts';
import { grouped, masked } from './values.ts';

const SECRET_PARMS: ReadonlySet<string> = new Set(['AAUTHSECRET', 'AAUTHDATA']);

export function explainProvisioningDocument(bytes: Uint8Array): Result<Explanation> {
  return explainProvisioningText(inputText(bytes));
}

export function explainProvisioningText(text: string): Result<Explanation> {
  const document = readXml(text);
  if (!document.ok) return document;
  const root = document.value;
  if (root.name !== 'wap-provisioningdoc') return malformed(root.offset, `<${root.name}> is not wap-provisioningdoc`);
  const version = attribute(root, 'version');
  return ok(explanation('provisioning-document', { version, ...explainCharacteristic(root) }));
}

function explainCharacteristic(element: XmlElement): Record<string, unknown> {
  return grouped(
    element.children.map((child) => {
      if (child.name === 'characteristic') return [attribute(child, 'type') ?? '', explainCharacteristic(child)];
      if (child.name === 'parm') return [attribute(child, 'name') ?? '', explainParm(child)];
      return [child.name, child.text.trim()];
    }),
  );
}

function explainParm(parm: XmlElement): unknown {
  const name = attribute(parm, 'name') ?? '';
  const value = attribute(parm, 'value');
  if (value === undefined) return null;
  if (SECRET_PARMS.has(name)) return masked(value);
  if (name === 'EncodedCertificate') {
    const der = fromBase64(value);
    const certificate = der && explainCertificate(der);
    return certificate?.ok ? certificate.value : value;
  }
  const datatype = attribute(parm, 'datatype');
  if (datatype === 'integer' && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (datatype === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
