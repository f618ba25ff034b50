// The key service does not let the user register a Windows Hello key.
import { keyRefusal } from './key-refusal.ts';

export const helloKeyRefused = keyRefusal(403, 'authorization_error', 'The user may register no key.');
