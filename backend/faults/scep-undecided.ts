// The SCEP server waits for an administrator's approval that never comes: PENDING to every request (RFC 8894, 3.3.3).
import { RandomStream } from '../../kernel/random.ts';
import {
  MESSAGE_TYPE,
  NONCE_BYTES,
  parseScepMessage,
  PKI_STATUS,
  SCEP_CONTENT_TYPE,
  writeScepMessage,
} from '../../protocol/pki/scep.ts';
import { registrationAuthorityOf } from '../certificates/registration-authority.ts';
import type { ExchangeFault } from './fault.ts';

export const scepUndecided: ExchangeFault = {
  kind: 'exchange',
  operations: ['enroll'],
  act: ({ tenant, request }) => {
    const asked = parseScepMessage(request.body);
    if (!asked.ok) return undefined;
    const { transactionId, senderNonce } = asked.value;
    const { certificate: signerCertificate, signer } = registrationAuthorityOf(tenant);
    const pending = {
      messageType: MESSAGE_TYPE.certRep,
      pkiStatus: PKI_STATUS.pending,
      transactionId,
      senderNonce: new RandomStream(`${tenant.config.seed}\u0000scep-undecided\u0000${transactionId}`).bytes(
        NONCE_BYTES,
      ),
      recipientNonce: senderNonce,
      signerCertificate,
      envelope: undefined,
    };
    return {
      status: 200,
      headers: { 'content-type': SCEP_CONTENT_TYPE.message },
      body: writeScepMessage(pending, signer),
    };
  },
};
