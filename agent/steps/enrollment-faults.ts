// Which SOAP fault of MDM enrollment is behind a failure, for the count of faults: the subcode or error type whose HRESULT
// Windows shows (MS-MDE2 2.2.9).
import type { FailureCode } from '../../catalog/failures.ts';
import { SOAP_FAULTS } from '../../protocol/enrollment/soap-fault.ts';

const SUBCODES: ReadonlyMap<string, string> = new Map(
  Object.entries(SOAP_FAULTS).map(([subcode, hresult]) => [`0x${hresult.toString(16)}`, subcode]),
);

/** The label of a fault, `other` for one that is not documented, or nothing where the failure was no fault. */
export function faultSubcode(code: FailureCode): string | undefined {
  return code === 'mdm-fault-unknown' ? 'other' : SUBCODES.get(code);
}
