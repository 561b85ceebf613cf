import { create } from 'zustand'
import { BridgeError } from '../../../api/bridge-error.ts'
import { errorWords } from '../../../api/error-words.ts'
import type { RpcClient } from '../../../api/rpc-client.ts'
import { toast } from '../../../ui/toast-store.ts'
import { attachmentProblem, attachmentType, maxAttachments } from './attachment-rules.ts'
import { drafts, maxKeptPaste } from './draft-store.ts'
import type { DraftAttachment } from './draft.ts'
import { createLimit } from '../../../lib/limit.ts'
import { shrinkImage } from './shrink-image.ts'

/** How far an attachment is. It goes on while another chat is looked at. */
export type Upload =
  | { readonly kind: 'running'; readonly share: number; readonly cancel: () => void }
  | { readonly kind: 'failed'; readonly message: string; readonly retry: () => void }

/** Uploads by attachment; those that are done, or of an earlier start of the app, are not here. */
export const useUploads = create<Readonly<Record<string, Upload | undefined>>>(() => ({}))

/** As the contract takes them. */
const pieceBytes = 512 * 1024
/** Others wait: main keeps the beginnings of a few files only. */
const atOnce = createLimit(3)

export interface AttachTarget {
  readonly client: RpcClient
  readonly deploymentId: string
  /** Of the chat; undefined: the user's first. */
  readonly organizationId?: string | undefined
  /** Whose draft it goes with. */
  readonly place: string
}

/** Attaches files to a draft and uploads them; what cannot go along is told. */
export async function attachFiles(target: AttachTarget, files: readonly File[]): Promise<void> {
  for (const file of files) {
    // What cannot be drawn goes as it is: the deployment looks at it anyway, and says what is wrong.
    const smaller = await shrinkImage(file).catch(() => file)
    const { length } = drafts.read(target.place).draft.attachments
    const problem =
      length >= maxAttachments
        ? `A message takes ${maxAttachments} files at most.`
        : attachmentProblem(smaller)
    if (problem !== undefined) {
      toast({ tone: 'bad', title: `${file.name} is not attached`, detail: problem })
      continue
    }
    attach(target, smaller)
  }
}

/** Attaches a long paste as a text file that can be put back into the text. */
export function attachPaste(target: AttachTarget, text: string): void {
  const pasted = drafts.read(target.place).draft.attachments.filter((one) => one.text !== undefined).length
  const file = new File([text], pasted === 0 ? 'pasted.txt' : `pasted-${pasted + 1}.txt`, {
    type: 'text/plain',
  })
  attach(target, file, text.length <= maxKeptPaste ? text : undefined)
}

function attach(target: AttachTarget, file: File, text?: string): void {
  const attachment: DraftAttachment = {
    id: crypto.randomUUID(),
    name: file.name,
    mediaType: attachmentType(file.name, file.type) ?? 'text/plain',
    bytes: file.size,
    ...(text === undefined ? {} : { text }),
  }
  drafts.change(target.place, (draft) => ({ ...draft, attachments: [...draft.attachments, attachment] }))
  void upload(target, attachment, () => Promise.resolve(file))
}

/** Uploads a paste that was not done when the app ended. */
export function retryPaste(target: AttachTarget, attachment: DraftAttachment): void {
  const file = new File([attachment.text ?? ''], attachment.name, { type: 'text/plain' })
  void upload(target, attachment, () => Promise.resolve(file))
}

/** Takes an attachment away, and gives its upload up. */
export function removeAttachment(place: string, id: string): void {
  const running = useUploads.getState()[id]
  if (running?.kind === 'running') running.cancel()
  useUploads.setState({ [id]: undefined })
  drafts.change(place, (draft) => ({
    ...draft,
    attachments: draft.attachments.filter((other) => other.id !== id),
  }))
}

/** Uploads the bytes of an attachment; of one that has some already, those are kept until the new ones are there. */
export async function upload(
  target: AttachTarget,
  attachment: DraftAttachment,
  read: () => Promise<File>,
): Promise<void> {
  const { id } = attachment
  const controller = new AbortController()
  const cancel = (): void => controller.abort()
  const set = (next: Upload | undefined): void => useUploads.setState({ [id]: next })
  set({ kind: 'running', share: 0, cancel })
  try {
    const fileId = await atOnce(() =>
      send(target, attachment, read, {
        signal: controller.signal,
        onShare: (share) => set({ kind: 'running', share, cancel }),
      }),
    )
    set(undefined)
    const { organizationId } = target
    const uploaded = { fileId, ...(organizationId === undefined ? {} : { organizationId }) }
    drafts.change(target.place, (draft) => ({
      ...draft,
      attachments: draft.attachments.map((other) => (other.id === id ? { ...other, ...uploaded } : other)),
    }))
  } catch (error) {
    if (controller.signal.aborted) return
    const message = error instanceof BridgeError ? errorWords(error).message : 'The file could not be read.'
    set({ kind: 'failed', message, retry: () => void upload(target, attachment, read) })
  }
}

interface Progress {
  readonly signal: AbortSignal
  readonly onShare: (share: number) => void
}

async function send(
  { client, deploymentId, organizationId }: AttachTarget,
  { name, mediaType }: DraftAttachment,
  read: () => Promise<File>,
  { signal, onShare }: Progress,
): Promise<string> {
  // It may have been taken away while it waited.
  signal.throwIfAborted()
  const file = await read()
  const uploadId = crypto.randomUUID()
  for (let start = 0; ; start += pieceBytes) {
    const end = Math.min(file.size, start + pieceBytes)
    const isLast = end >= file.size
    const piece = base64(new Uint8Array(await file.slice(start, end).arrayBuffer()))
    const answer = await client.call(
      'chats.uploadFile',
      {
        deploymentId,
        ...(organizationId === undefined ? {} : { organizationId }),
        uploadId,
        name: name.slice(0, 255),
        mediaType,
        at: start,
        piece,
        isLast,
      },
      signal,
    )
    onShare(end / file.size)
    if (answer.fileId !== undefined) return answer.fileId
    if (isLast) throw new Error('The upload ended without a file.')
  }
}

/** In steps, since a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(binary)
}
