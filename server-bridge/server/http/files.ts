import { filesRoutes, uploadContentTypes, uploadMaxBytes } from '../../contract/files.ts'
import { readArchive } from '../../provisioner/archive.ts'
import { TemplateError } from '../../provisioner/template-error.ts'
import { badRequest, notFound } from '../api-error.ts'
import { requireMay } from '../services/authorization.ts'
import type { Files } from '../services/files.ts'
import { tarToZip } from '../services/tar-to-zip.ts'
import { zipToTar } from '../services/zip-to-tar.ts'
import { bound } from './bind-routes.ts'
import { readBody } from './body.ts'
import { jsonAnswer } from './json-answer.ts'

const tarType = 'application/x-tar'

/** Archives of templates. They are kept as tar, whatever they came as. */
export function fileHandlers(files: Files) {
  return bound(filesRoutes, {
    async upload({ request, actor, audit }) {
      requireMay(actor, 'create', { type: 'file', ownerId: actor.user.id })
      const contentType = request.headers.get('content-type') ?? ''
      if (!uploadContentTypes.some((known) => known === contentType)) {
        throw badRequest(`Unsupported content type header ${JSON.stringify(contentType)}.`)
      }
      const body = await readBody(request, uploadMaxBytes)
      const tar = contentType === tarType ? body : zipToTar(body, uploadMaxBytes)
      checkTar(tar)
      const { id, isNew } = files.store(actor.user.id, tarType, tar)
      if (isNew) audit({ resourceType: 'file', resourceId: id, resourceTarget: id, action: 'create' })
      return jsonAnswer(isNew ? 201 : 200, { hash: id })
    },
    download({ params, query, actor }) {
      const file = files.get(params.file)
      if (!file) throw notFound()
      requireMay(actor, 'read', { type: 'file', ownerId: file.createdBy, id: file.id })
      const { format = '' } = query
      if (format === '') return archiveAnswer(file.data, file.mimetype)
      if (format !== 'zip') throw badRequest(`Unsupported conversion format ${JSON.stringify(format)}.`)
      // Files of the first release were stored unread.
      checkTar(file.data)
      return archiveAnswer(tarToZip(file.data), 'application/zip')
    },
  })
}

/** What no import could use, or would lead out of the archive, is refused at once. @throws {ApiError} 400 */
function checkTar(tar: Uint8Array): void {
  try {
    readArchive(tar)
  } catch (error) {
    if (error instanceof TemplateError) throw badRequest('Failed to read the archive.', error.message)
    throw error
  }
}

function archiveAnswer(bytes: Uint8Array, type: string): Response {
  return new Response(Uint8Array.from(bytes), { headers: { 'content-type': type } })
}
