// Every step of every flow, by its name. A step that is missing does not compile.
import type { StepName } from '../../catalog/steps.ts';
import { deviceEsp } from './device-esp.ts';
import { entraJoin } from './entra-join.ts';
import { mdmEnroll } from './mdm-enroll.ts';
import { networkConnect } from './network-connect.ts';
import { oobeLocale } from './oobe-locale.ts';
import { oobeUpdates } from './oobe-updates.ts';
import { polling } from './polling.ts';
import { profileDownload } from './profile-download.ts';
import { qualityUpdates } from './quality-updates.ts';
import type { StepFunction } from './result.ts';
import { signIn } from './sign-in.ts';
import { userEsp } from './user-esp.ts';
import { windowsHello } from './windows-hello.ts';
import { windowsSignIn } from './windows-sign-in.ts';

export const STEP_FUNCTIONS: Record<StepName, StepFunction> = {
  'oobe-locale': oobeLocale,
  'network-connect': networkConnect,
  'profile-download': profileDownload,
  'oobe-updates': oobeUpdates,
  'sign-in': signIn,
  'entra-join': entraJoin,
  'mdm-enroll': mdmEnroll,
  'device-esp': deviceEsp,
  'windows-sign-in': windowsSignIn,
  'user-esp': userEsp,
  'quality-updates': qualityUpdates,
  'windows-hello': windowsHello,
  polling,
};
