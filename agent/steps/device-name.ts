// The name that a profile's template gives a device: `%SERIAL%` and `%RAND:n%`, 15 characters at most (a NetBIOS name).
import type { RandomStream } from '../../kernel/random.ts';
import type { DeviceIdentity } from '../identity/device-identity.ts';

const NAME_CHARACTERS_MAX = 15;

export function deviceNameFrom(
  template: string,
  identity: Pick<DeviceIdentity, 'serialNumber'>,
  stream: RandomStream,
): string {
  const name = template
    .replace(/%SERIAL%/gi, () => identity.serialNumber.replace(/[^A-Za-z0-9-]/g, ''))
    .replace(/%RAND:(\d{1,2})%/gi, (_, digits: string) => {
      let text = '';
      for (let i = Math.min(Number(digits), NAME_CHARACTERS_MAX); i > 0; i--) text += stream.below(10);
      return text;
    });
  return name.slice(0, NAME_CHARACTERS_MAX);
}
