// Takes secrets out of what a trace shows: tokens, codes, passwords and refresh tokens are worth stealing even from a test tenant.
// Masking is by the names that the protocols of this flow give them, in forms, JSON, SOAP and URLs.

const MASK = '***';

/** Fields whose value is a secret, in forms, queries and JSON alike. */
const SECRET_FIELDS =
  'access_token|refresh_token|id_token|code_verifier|password|passwd|newpasswd|confirmnewpasswd|client_secret|assertion|request|originalRequest|ctx|wctx|flowToken|sFT|sCtx|session_state|OpaqueBlob|MSA-DDID|wresult|session_key_jwe';
/** In JSON a `code` is an error's; only a redirect or form carries an authorization code by that name. */
const FORM_FIELD = new RegExp(`((?:^|[?&#"'])(?:code|${SECRET_FIELDS})=)[^&\\s"'<>]*`, 'gi');
const JSON_MEMBER = new RegExp(`("(?:${SECRET_FIELDS})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'gi');
const HTML_INPUT = new RegExp(`(name="(?:${SECRET_FIELDS})"\\s+value=)"[^"]*"`, 'gi');
/** A token, whatever is around it: three base64url parts, of an encrypted one five, of which the first is a JSON object. */
const JWT = /\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){2,4}/g;
/** Whoever has a SAML assertion is the user. */
const ASSERTION = /(<((?:[\w.-]+:)?Assertion)\b[^>]*>)[^]*?(<\/\2>)/g;
const XML_SECRET =
  /(<(?:[\w.-]+:)?(BinarySecurityToken|Password|BinarySecret|CipherValue|EncryptedContent)\b[^>]*>)[^<]*(<\/)/g;
/** Keys of content, also in JSON within a string. */
const CONTENT_KEY = /((\\?")(?:EncryptionKey|IV|MacKey)\2\s*:\s*\2)[A-Za-z0-9+/=]*/g;
/** Nodes of a device's tree that a server sets to secrets: the rest of their Item up to its Data is kept. */
const NODE_SECRET =
  /(\/(?:Install\/Challenge|PFXCertBlob|PFXCertPassword)<\/LocURI>(?:(?!<\/Item>)[^])*?<Data\b[^>]*>)[^<]*/g;
/** The PKCS #10 request and the provisioning document travel in the element that also carries tokens; they are no secrets. */
const NOT_SECRET = /ValueType="[^"]*(?:#PKCS10|DeviceEnrollmentProvisionDoc)"/;
const PROVISIONING_SECRET = /(name="AAUTHSECRET"\s+value=)"[^"]*"/gi;

/** A body or URL without its secrets. */
export function maskText(text: string): string {
  return text
    .replace(XML_SECRET, (whole, open: string, _name, close: string) =>
      NOT_SECRET.test(open) ? whole : `${open}${MASK}${close}`,
    )
    .replace(ASSERTION, `$1${MASK}$3`)
    .replace(JSON_MEMBER, `$1"${MASK}"`)
    .replace(HTML_INPUT, `$1"${MASK}"`)
    .replace(NODE_SECRET, `$1${MASK}`)
    .replace(CONTENT_KEY, `$1${MASK}`)
    .replace(PROVISIONING_SECRET, `$1"${MASK}"`)
    .replace(FORM_FIELD, `$1${MASK}`)
    .replace(JWT, MASK);
}
