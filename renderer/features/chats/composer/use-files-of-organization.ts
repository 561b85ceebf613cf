import { useEffect } from 'react'
import type { DraftAttachment } from './draft.ts'
import { upload, useUploads, type AttachTarget } from './uploads.ts'

/**
 * Has the files of a draft follow its chat: those that lie in another organization than it is to be made in are uploaded
 * there anew. Until that is done the old ones stay.
 */
export function useFilesOfOrganization(
  { client, deploymentId, organizationId, place }: AttachTarget,
  attachments: readonly DraftAttachment[],
): void {
  useEffect(() => {
    const target = { client, deploymentId, organizationId, place }
    for (const attachment of attachments) {
      const { id, fileId, organizationId: now } = attachment
      if (organizationId === undefined || fileId === undefined || now === undefined) continue
      const known = useUploads.getState()[id]
      if (now !== organizationId) {
        if (known === undefined) void upload(target, attachment, () => readAgain(target, attachment, fileId))
      } else if (known?.kind === 'failed') {
        // It was on the way to where the chat is not made any more.
        useUploads.setState({ [id]: undefined })
      }
    }
  }, [client, deploymentId, organizationId, place, attachments])
}

async function readAgain(
  { client, deploymentId }: AttachTarget,
  { name, mediaType, text }: DraftAttachment,
  fileId: string,
): Promise<File> {
  if (text !== undefined) return new File([text], name, { type: mediaType })
  const { data } = await client.call('chats.readFile', { deploymentId, fileId })
  return new File([Uint8Array.from(atob(data), (character) => character.charCodeAt(0))], name, {
    type: mediaType,
  })
}
