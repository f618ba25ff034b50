// What steps call outside the device, as one value: the clients of agent/services and the management session. Steps get it
// through their context, so that a test can put its own functions in their place and needs no socket.
import { runSession } from '../management/session.ts';
import { downloadContent, downloadPackage } from '../services/apps.ts';
import { requestCertificate } from '../services/certificates.ts';
import { probeConnectivity } from '../services/connectivity.ts';
import { enrollDevice } from '../services/enrollment.ts';
import { locateGateway, reportApp, requestApps, requestContent } from '../services/gateway.ts';
import { discoverJoin, registerDevice, unregisterDevice } from '../services/join.ts';
import { openFederatedPage, signInByTrust, submitFederatedCredentials } from '../services/federation.ts';
import {
  discoverRealm,
  openSignInPage,
  redeemCode,
  refreshAccessToken,
  submitCredentials,
  submitNewPassword,
} from '../services/login.ts';
import {
  beginMultifactor,
  completeMultifactor,
  openMultifactorPage,
  pollMultifactor,
} from '../services/login-multifactor.ts';
import { signInToWindows } from '../services/login-windows.ts';
import { openManagement, sendManagementMessage } from '../services/management.ts';
import { downloadProfile, getDeviceToken } from '../services/profile.ts';
import { answerTermsOfUse } from '../services/terms-of-use.ts';
import { checkUpdates, downloadUpdate } from '../services/updates.ts';
import { registerHelloKey } from '../services/windows-hello.ts';

export const DEVICE_SERVICES = {
  probeConnectivity,
  getDeviceToken,
  downloadProfile,
  checkUpdates,
  downloadUpdate,
  openSignInPage,
  discoverRealm,
  submitCredentials,
  submitNewPassword,
  openFederatedPage,
  submitFederatedCredentials,
  signInByTrust,
  beginMultifactor,
  pollMultifactor,
  completeMultifactor,
  openMultifactorPage,
  signInToWindows,
  redeemCode,
  refreshAccessToken,
  discoverJoin,
  registerDevice,
  unregisterDevice,
  registerHelloKey,
  answerTermsOfUse,
  enrollDevice,
  openManagement,
  sendManagementMessage,
  runSession,
  requestCertificate,
  downloadContent,
  locateGateway,
  requestApps,
  requestContent,
  downloadPackage,
  reportApp,
};

export type DeviceServices = typeof DEVICE_SERVICES;
