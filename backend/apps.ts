// The content origin of apps: packages of the configured sizes, over plain HTTP as content delivery networks serve them. Those of
// Win32 apps are encrypted; the keys are the gateway's to give.
import { contentReply } from './content-reply.ts';
import type { BackendRequest, BackendService, Reply } from './http/message.ts';
import type { Tenant } from './tenant.ts';

export function appsService(tenant: Tenant): BackendService {
  const content = (request: BackendRequest): Reply => {
    const { id, file } = request.parameters;
    const name = id === undefined ? (file ?? '') : `${id}/${file ?? ''}`;
    return contentReply(tenant.content.at('apps', name), request);
  };
  return {
    name: 'apps',
    bodyBytesMax: 0,
    routes: [
      { method: 'GET', path: '/content/:file', operation: 'content', handle: content },
      { method: 'GET', path: '/:folder/:id/:file', operation: 'content', handle: content },
    ],
  };
}
