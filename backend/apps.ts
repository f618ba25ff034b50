// The content origin of apps: packages of the configured sizes, over plain HTTP as content delivery networks serve them.
import type { ContentFile } from './content.ts';
import { errorReply } from './http/message.ts';
import type { BackendService, Reply } from './http/message.ts';
import type { Tenant } from './tenant.ts';

export function appsService(tenant: Tenant): BackendService {
  return {
    name: 'apps',
    bodyBytesMax: 0,
    routes: [
      {
        method: 'GET',
        path: '/content/:file',
        operation: 'content',
        handle: (request) => contentReply(tenant.content.at('apps', request.parameters['file'] ?? '')),
      },
    ],
  };
}

export function contentReply(file: ContentFile | undefined): Reply {
  if (file === undefined) return errorReply(404, 'NotFound', 'There is no content of this name.');
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', etag: `"${file.sha256}"` },
    body: file.body,
  };
}
