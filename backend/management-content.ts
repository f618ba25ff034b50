// Where management gets what it delivers: the tenant's content origin, and the services that make certificates.
import { sha1Thumbprint } from '../protocol/digest.ts';
import type { ContentSource } from './management/content-source.ts';
import { MANAGEMENT_PATH } from './management-path.ts';
import type { Tenant } from './tenant.ts';

export function managementContent(tenant: Tenant): ContentSource {
  const { config, content, endpoints } = tenant;
  return {
    managementUrl: `${endpoints.management}${MANAGEMENT_PATH}`,
    tenantId: config.tenantId,
    certificates: {
      scepUrl: `${endpoints.certificates}/certsrv/mscep/mscep.dll`,
      scepThumbprint: sha1Thumbprint(tenant.authorities.root.certificate),
      scepChallenge: () => '',
      pfx: () => ({ blob: new Uint8Array(), password: '' }),
    },
    app: (app) => content.app(app),
    extensionInstaller: () => content.extensionInstaller,
    configManagerInstaller: (config) => content.configManagerInstaller(config),
  };
}
