import { filesRoutes, uploadContentTypes, uploadMaxBytes } from '../../contract/template-versions.ts'
import { badRequest } from '../api-error.ts'
import type { Files } from '../services/files.ts'
import { zipToTar } from '../services/zip-to-tar.ts'
import { bound } from './bind-routes.ts'
import { readBody } from './body.ts'
import { jsonAnswer } from './json-answer.ts'

/** Uploads of template archives. They are kept as tar, whatever they came as. */
export function fileHandlers(files: Files) {
  return bound(filesRoutes, {
    async upload({ request, actor, audit }) {
      const contentType = request.headers.get('content-type') ?? ''
      if (!uploadContentTypes.some((known) => known === contentType)) {
        throw badRequest(`Unsupported content type header ${JSON.stringify(contentType)}.`)
      }
      const body = await readBody(request, uploadMaxBytes)
      const tar = contentType === 'application/x-tar' ? body : zipToTar(body, uploadMaxBytes)
      const { id, isNew } = files.store(actor.user.id, 'application/x-tar', tar)
      if (isNew) audit({ resourceType: 'file', resourceId: id, resourceTarget: id, action: 'create' })
      return jsonAnswer(isNew ? 201 : 200, { hash: id })
    },
  })
}
