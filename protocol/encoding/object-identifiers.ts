// The object identifiers that certificates and requests here are made of, by the names of their specifications.

export const OID = {
  // RFC 8017, RFC 5758, RFC 5480
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha256WithRsaEncryption: '1.2.840.113549.1.1.11',
  ecPublicKey: '1.2.840.10045.2.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  // RFC 5280, 4.2
  subjectDirectoryAttributes: '2.5.29.9',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  // RFC 2985, 5.4.2; the older name is what Windows XP wrote for the same
  extensionRequest: '1.2.840.113549.1.9.14',
  microsoftCertificateExtensions: '1.3.6.1.4.1.311.2.1.14',
  challengePassword: '1.2.840.113549.1.9.7',
  // RFC 5652: contents and signed attributes
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  encryptedData: '1.2.840.113549.1.7.6',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  // RFC 8894, 3.2: attributes of a SCEP message
  scepMessageType: '2.16.840.1.113733.1.9.2',
  scepPkiStatus: '2.16.840.1.113733.1.9.3',
  scepFailInfo: '2.16.840.1.113733.1.9.4',
  scepSenderNonce: '2.16.840.1.113733.1.9.5',
  scepRecipientNonce: '2.16.840.1.113733.1.9.6',
  scepTransactionId: '2.16.840.1.113733.1.9.7',
  scepFailInfoText: '1.3.6.1.5.5.7.24.1',
  // MS-WCCE: what may sign certificate requests of others
  certificateRequestAgent: '1.3.6.1.4.1.311.20.2.1',
  userPrincipalName: '1.3.6.1.4.1.311.20.2.3',
  // RFC 7292, RFC 8018
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacWithSha1: '1.2.840.113549.2.7',
  hmacWithSha256: '1.2.840.113549.2.9',
  // MS-MDE2: the extension of a certificate request that carries the HWDevID
  hardwareDeviceId: '1.3.6.1.4.1.311.66.1.0',
  // MS-DVRJ: extensions of a device certificate (entra-join, section 5)
  deviceInvocationId: '1.2.840.113556.1.5.284.1',
  deviceId: '1.2.840.113556.1.5.284.2',
  deviceUserObjectId: '1.2.840.113556.1.5.284.3',
  deviceDomainGuid: '1.2.840.113556.1.5.284.4',
  deviceTenantId: '1.2.840.113556.1.5.284.5',
  deviceJoinType: '1.2.840.113556.1.5.284.7',
  deviceRegion: '1.2.840.113556.1.5.284.8',
  // TCG EK Credential Profile
  tpmManufacturer: '2.23.133.2.1',
  tpmModel: '2.23.133.2.2',
  tpmVersion: '2.23.133.2.3',
  tpmSpecification: '2.23.133.2.16',
  ekCertificate: '2.23.133.8.1',
} as const;
