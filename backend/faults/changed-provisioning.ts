// The answer of MDM enrollment with another provisioning document in it.
import type { Reply } from '../http/message.ts';

const DOCUMENT = /(<BinarySecurityToken [^>]*DeviceEnrollmentProvisionDoc[^>]*>)([A-Za-z0-9+/=\s]+)/;

/** Undefined where there is no document. */
export function changedProvisioning(reply: Reply, change: (document: string) => string): Reply | undefined {
  if (reply.status !== 200 || typeof reply.body !== 'string' || !DOCUMENT.test(reply.body)) return undefined;
  const body = reply.body.replace(DOCUMENT, (_all, open: string, encoded: string) => {
    const document = Buffer.from(encoded, 'base64').toString('utf8');
    return open + Buffer.from(change(document)).toString('base64');
  });
  return { ...reply, body };
}
