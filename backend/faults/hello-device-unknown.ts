// The key service finds no device in the token that comes with a Windows Hello key.
import { keyRefusal } from './key-refusal.ts';

export const helloDeviceUnknown = keyRefusal(401, 'missing_device_id', 'The token names no device.');
