// Where management gets what it delivers: the tenant's content origin, and the services that make certificates.
import { sha1Thumbprint } from '../protocol/encoding/digest.ts';
import { scepChallenge } from './certificates/challenge.ts';
import { pfxFor } from './certificates/pfx.ts';
import { SCEP_PATHS } from './certificates/service.ts';
import type { ContentSource } from './management/content-source.ts';
import { MANAGEMENT_PATH } from './management-path.ts';
import type { Tenant } from './tenant.ts';

export function managementContent(tenant: Tenant): ContentSource {
  const { authorities, config, content, endpoints } = tenant;
  return {
    managementUrl: `${endpoints.management}${MANAGEMENT_PATH}`,
    tenantId: config.tenantId,
    certificates: {
      scepUrl: `${endpoints.certificates}${SCEP_PATHS[0]}`,
      scepThumbprint: sha1Thumbprint(authorities.root.certificate),
      scepChallenge: (subject) => scepChallenge(tenant, subject),
      pfx: (subject) => pfxFor(tenant, subject),
    },
    app: (app) => content.app(app),
    extensionInstaller: () => content.extensionInstaller,
    configManagerInstaller: (coManagement) => content.configManagerInstaller(coManagement),
  };
}
