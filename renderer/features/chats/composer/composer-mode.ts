/** What is written: the next message, a message of before, or one that waits in the queue. */
export type ComposerMode =
  | { readonly kind: 'write' }
  | {
      readonly kind: 'edit'
      readonly messageId: number
      /** Messages after it, which go. */
      readonly later: number
    }
  | { readonly kind: 'queued'; readonly queuedId: number }

/** Where the draft of such a message is kept, apart from that of the next one. */
export function editPlace(main: string, mode: Exclude<ComposerMode, { kind: 'write' }>): string {
  return mode.kind === 'edit' ? `${main}.edit-${mode.messageId}` : `${main}.queued-${mode.queuedId}`
}
