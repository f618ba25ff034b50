// SAML 1.1 assertions as AD FS signs them for Entra ID (SAML 1.1 core; XML Signature, rsa-sha256, exclusive canonicalization).
// They are written in canonical form, so that what is signed is what is sent; a reader takes no other writing of the same
// assertion, and there is nothing around or between the parts that it reads (no signature wrapping).
import { malformed, ok } from '../../kernel/result.ts';
import type { Result } from '../../kernel/result.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { sha256 } from '../encoding/digest.ts';
import type { Signer } from '../pki/signer.ts';
import { attribute, child, children, childText, descendant, isElement } from '../encoding/xml.ts';
import type { XmlElement } from '../encoding/xml.ts';

export const SAML_NAMESPACE = 'urn:oasis:names:tc:SAML:1.0:assertion';
/** The realm of Entra ID at every AD FS: audience of its assertions. */
export const ENTRA_REALM = 'urn:federation:MicrosoftOnline';

const SIGNATURE_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const BY_PASSWORD = 'urn:oasis:names:tc:SAML:1.0:am:password';
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
const BEARER = 'urn:oasis:names:tc:SAML:1.0:cm:bearer';

/** What AD FS says of a user who gave a password. Times are ISO 8601. */
export interface SamlAssertion {
  /** An XML name: begins with a letter or underscore. */
  readonly id: string;
  /** The federation service's identifier. */
  readonly issuer: string;
  readonly issued: string;
  readonly notBefore: string;
  readonly notOnOrAfter: string;
  readonly audience: string;
  readonly authenticated: string;
  readonly upn: string;
  /** Base64 of the user's objectGUID: what ties the AD account to the one in Entra ID. */
  readonly immutableId: string;
}

export interface SignedAssertion {
  readonly assertion: SamlAssertion;
  /** Whether the signed digest is the assertion's. */
  readonly digestHolds: boolean;
  /** The canonical SignedInfo that the signature covers. */
  readonly signedPart: Uint8Array;
  readonly signature: Uint8Array;
  /** DER of the certificate that came with it; it proves nothing by itself. */
  readonly certificate: Uint8Array;
}

/** `certificate` is DER and goes along in KeyInfo. */
export function writeSignedAssertion(assertion: SamlAssertion, signer: Signer, certificate: Uint8Array): string {
  const digest = toBase64(sha256(Buffer.from(writeAssertion(assertion, ''))));
  const signature = toBase64(signer.sign(signedInfo(assertion.id, digest)));
  return writeWhole(assertion, digest, signature, toBase64(certificate));
}

/** Reads the assertion that stands as `element` in `text`. Whether its signer is trusted is the reader's business. */
export function readSignedAssertion(text: string, element: XmlElement): Result<SignedAssertion> {
  const { offset } = element;
  const signature = child(element, 'Signature');
  if (!isElement(element, 'Assertion', SAML_NAMESPACE) || signature === undefined) {
    return malformed(offset, 'this is not a signed SAML 1.1 assertion');
  }
  const assertion = readAssertion(element);
  const reference = descendant(signature, 'SignedInfo', 'Reference');
  const digest = (reference && childText(reference, 'DigestValue')) ?? '';
  const value = childText(signature, 'SignatureValue') ?? '';
  const certificate = descendant(signature, 'KeyInfo', 'X509Data', 'X509Certificate')?.text.trim() ?? '';
  if (!text.startsWith(writeWhole(assertion, digest, value, certificate), offset)) {
    return malformed(offset, 'the assertion is not written in the one form that is taken here');
  }
  const bytes = { signature: fromBase64(value), certificate: fromBase64(certificate) };
  if (bytes.signature === undefined || bytes.certificate === undefined) {
    return malformed(offset, 'the signature or its certificate is not base64');
  }
  return ok({
    assertion,
    digestHolds: digest === toBase64(sha256(Buffer.from(writeAssertion(assertion, '')))),
    signedPart: signedInfo(assertion.id, digest),
    signature: bytes.signature,
    certificate: bytes.certificate,
  });
}

function readAssertion(element: XmlElement): SamlAssertion {
  const conditions = child(element, 'Conditions');
  const statement = child(element, 'AttributeStatement');
  const authentication = child(element, 'AuthenticationStatement');
  const value = (name: string): string => {
    const found =
      statement && children(statement, 'Attribute').find((each) => attribute(each, 'AttributeName') === name);
    return (found && child(found, 'AttributeValue'))?.text ?? '';
  };
  return {
    id: attribute(element, 'AssertionID') ?? '',
    issuer: attribute(element, 'Issuer') ?? '',
    issued: attribute(element, 'IssueInstant') ?? '',
    notBefore: (conditions && attribute(conditions, 'NotBefore')) ?? '',
    notOnOrAfter: (conditions && attribute(conditions, 'NotOnOrAfter')) ?? '',
    audience: (conditions && descendant(conditions, 'AudienceRestrictionCondition', 'Audience'))?.text ?? '',
    authenticated: (authentication && attribute(authentication, 'AuthenticationInstant')) ?? '',
    upn: value('UPN'),
    immutableId: value('ImmutableID'),
  };
}

function writeWhole(assertion: SamlAssertion, digest: string, signature: string, certificate: string): string {
  return writeAssertion(
    assertion,
    `<ds:Signature xmlns:ds="${SIGNATURE_NAMESPACE}">${signedInfoContent('', assertion.id, digest)}` +
      `<ds:SignatureValue>${canonicalText(signature)}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>` +
      `<ds:X509Certificate>${canonicalText(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`,
  );
}

/** Exclusive Canonical XML: attributes in order of their names, every element with an end tag, no blanks between. */
function writeAssertion(assertion: SamlAssertion, signatureXml: string): string {
  const { id, issuer, issued, notBefore, notOnOrAfter, audience, authenticated, upn, immutableId } = assertion;
  const subject =
    `<saml:Subject><saml:NameIdentifier Format="${UNSPECIFIED}">${canonicalText(immutableId)}</saml:NameIdentifier>` +
    `<saml:SubjectConfirmation><saml:ConfirmationMethod>${BEARER}</saml:ConfirmationMethod></saml:SubjectConfirmation>` +
    '</saml:Subject>';
  return (
    `<saml:Assertion xmlns:saml="${SAML_NAMESPACE}" AssertionID="${canonicalAttribute(id)}" ` +
    `IssueInstant="${canonicalAttribute(issued)}" Issuer="${canonicalAttribute(issuer)}" MajorVersion="1" MinorVersion="1">` +
    `<saml:Conditions NotBefore="${canonicalAttribute(notBefore)}" NotOnOrAfter="${canonicalAttribute(notOnOrAfter)}">` +
    `<saml:AudienceRestrictionCondition><saml:Audience>${canonicalText(audience)}</saml:Audience>` +
    '</saml:AudienceRestrictionCondition></saml:Conditions>' +
    `<saml:AttributeStatement>${subject}${claim('UPN', 'http://schemas.xmlsoap.org/claims', upn)}` +
    claim('ImmutableID', 'http://schemas.microsoft.com/LiveID/Federation/2008/05', immutableId) +
    '</saml:AttributeStatement>' +
    `<saml:AuthenticationStatement AuthenticationInstant="${canonicalAttribute(authenticated)}" ` +
    `AuthenticationMethod="${BY_PASSWORD}">${subject}</saml:AuthenticationStatement>${signatureXml}</saml:Assertion>`
  );
}

function claim(name: string, namespace: string, value: string): string {
  return (
    `<saml:Attribute AttributeName="${name}" AttributeNamespace="${namespace}">` +
    `<saml:AttributeValue>${canonicalText(value)}</saml:AttributeValue></saml:Attribute>`
  );
}

/** SignedInfo as it is signed: the apex of what is canonicalized declares the prefix that its ancestor declares on the wire. */
function signedInfo(id: string, digest: string): Uint8Array {
  return Buffer.from(signedInfoContent(` xmlns:ds="${SIGNATURE_NAMESPACE}"`, id, digest));
}

function signedInfoContent(declaration: string, id: string, digest: string): string {
  const algorithm = (element: string, name: string): string => `<ds:${element} Algorithm="${name}"></ds:${element}>`;
  return (
    `<ds:SignedInfo${declaration}>${algorithm('CanonicalizationMethod', EXCLUSIVE)}` +
    `${algorithm('SignatureMethod', RSA_SHA256)}<ds:Reference URI="#${canonicalAttribute(id)}"><ds:Transforms>` +
    `${algorithm('Transform', `${SIGNATURE_NAMESPACE}enveloped-signature`)}${algorithm('Transform', EXCLUSIVE)}` +
    `</ds:Transforms>${algorithm('DigestMethod', SHA256)}<ds:DigestValue>${canonicalText(digest)}</ds:DigestValue>` +
    '</ds:Reference></ds:SignedInfo>'
  );
}

// Canonical XML 1.0, 2.3: what is escaped in text and in attribute values. Characters that XML cannot carry at all do not occur:
// the values are addresses, names and times of the writer.
function canonicalText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => REFERENCES[character]!);
}

function canonicalAttribute(text: string): string {
  return text.replace(/[&<"\t\n\r]/g, (character) => REFERENCES[character]!);
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
