// A SOAP envelope: headers and body by element name, what is embedded in it explained in turn. Passwords are masked and of
// tokens only header and claims are shown.
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64 } from '../encoding/base64.ts';
import { parseSoapFault, soapFaultHresult } from '../enrollment/soap-fault.ts';
import { readSoap } from '../enrollment/soap.ts';
import { attribute, child, children, readXml } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';
import { explainCertificateRequest } from './certificate.ts';
import { explanation } from './explainer.ts';
import type { Explanation } from './explainer.ts';
import { inputText } from './input.ts';
import { explainProvisioningText } from './provisioning-document.ts';
import { explainTokenText } from './token.ts';
import { explainChildren, grouped, masked } from './values.ts';

export function explainSoap(bytes: Uint8Array): Result<Explanation> {
  const text = inputText(bytes);
  const message = readSoap(text);
  if (!message.ok) return message;
  const envelope = readXml(text);
  if (!envelope.ok) return envelope;
  const header = child(envelope.value, 'Header');
  const body = child(envelope.value, 'Body');
  if (body === undefined) return malformed(envelope.value.offset, 'the Envelope has no Body');
  const headers = header === undefined ? {} : explainChildren(header, explainSpecial);
  return ok(explanation('soap', { ...headers, Body: explainChildren(body, explainSpecial) }));
}

function explainSpecial(element: XmlElement): unknown {
  switch (element.name) {
    case 'Password':
      return masked(element.text);
    case 'BinarySecurityToken':
      return explainBinary(element);
    case 'AdditionalContext':
      return { ContextItem: explainContext(element) };
    case 'Fault':
      return explainFault(element);
    default:
      return undefined;
  }
}

/** Values by name; a name that repeats (MAC) has a list. */
function explainContext(element: XmlElement): Record<string, unknown> {
  return grouped(
    children(element, 'ContextItem').map((item) => [attribute(item, 'Name') ?? '', child(item, 'Value')?.text ?? '']),
  );
}

function explainFault(element: XmlElement): unknown {
  const fault = parseSoapFault(element);
  const hresult = fault && soapFaultHresult(fault);
  return {
    ...explainChildren(element, (inner) => (inner === element ? undefined : explainSpecial(inner))),
    ...(hresult === undefined ? {} : { HRESULT: `0x${hresult.toString(16).toUpperCase()}` }),
  };
}

function explainBinary(element: XmlElement): object {
  const valueType = attribute(element, 'ValueType') ?? '';
  return { ValueType: valueType, ...explainContent(valueType, element.text.trim()) };
}

/** The content by the end of its ValueType. What is not known might be a secret and is not shown. */
function explainContent(valueType: string, text: string): object {
  const bytes = fromBase64(text);
  const decoded = bytes === undefined ? text : Buffer.from(bytes).toString('utf8');
  if (valueType.endsWith('#PKCS10') && bytes !== undefined) {
    return { CertificateRequest: orReason(explainCertificateRequest(bytes)) };
  }
  if (valueType.endsWith('DeviceEnrollmentProvisionDoc')) {
    return { ProvisioningDocument: orReason(explainProvisioningText(decoded)) };
  }
  if (valueType.endsWith(':jwt')) return { Token: orReason(explainTokenText(decoded)) };
  return { Content: masked(text) };
}

/** An embedded artefact that is broken does not spoil the rest: its reason stands in its place. */
function orReason(explained: Result<Explanation>): Explanation | { readonly malformed: string } {
  return explained.ok ? explained.value : { malformed: `${explained.error.reason} (offset ${explained.error.offset})` };
}
