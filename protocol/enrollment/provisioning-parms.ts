// Characteristics and parms: finding them in a wap-provisioningdoc and reading their values with a type.
import type { FormatError } from '../../kernel/result.ts';
import { fromBase64 } from '../encoding/base64.ts';
import { attribute } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

/** Values with a type; the first that has not that type is the document's problem. */
export class ParmReader {
  problem: FormatError | undefined;

  #note(element: XmlElement, reason: string): void {
    this.problem ??= { kind: 'format', offset: element.offset, reason };
  }

  text(element: XmlElement, name: string): string {
    const found = value(element, name);
    if (found === undefined) this.#note(element, `the parm ${name} is missing`);
    return found ?? '';
  }

  number(element: XmlElement, name: string): number | undefined {
    const found = value(element, name);
    if (found === undefined) return undefined;
    if (/^\d{1,12}$/.test(found)) return Number(found);
    this.#note(element, `the parm ${name} is not a whole number: "${found}"`);
    return undefined;
  }

  certificate(element: XmlElement): Uint8Array {
    const der = fromBase64(this.text(element, 'EncodedCertificate'));
    if (der === undefined) this.#note(element, 'the parm EncodedCertificate is not base64');
    return der ?? new Uint8Array();
  }
}

/** The child characteristics, of a type (in any case) or all. */
export function within(element: XmlElement | undefined, type: string): XmlElement[] {
  return inside(element).filter((each) => attribute(each, 'type')?.toLowerCase() === type.toLowerCase());
}

export function inside(element: XmlElement | undefined): XmlElement[] {
  return element === undefined ? [] : element.children.filter((each) => each.name === 'characteristic');
}

export function find(element: XmlElement | undefined, type: string): XmlElement | undefined {
  return within(element, type)[0];
}

/** The value of a parm. */
export function value(element: XmlElement, name: string): string | undefined {
  const found = element.children.find((each) => each.name === 'parm' && attribute(each, 'name') === name);
  return found && attribute(found, 'value');
}
