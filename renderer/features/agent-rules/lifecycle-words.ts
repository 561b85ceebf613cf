import type { AgentLifecycle, LifecycleName } from '#ipc/agent-rules'

/** What the settings are about. */
export const lifecycleWords: Readonly<
  Record<LifecycleName, { readonly label: string; readonly help: string }>
> = {
  workspaceTtlMs: {
    label: 'Stop workspaces of agents after',
    help: 'For workspaces that agents make from now on, counted from their start. 0: as their template says.',
  },
  autoArchiveDays: {
    label: 'Archive unused chats after',
    help: 'Chats that are idle and not pinned leave the list of their owner, who is told. 0: never.',
  },
  retentionDays: {
    label: 'Delete archived chats after',
    help: 'Counted from their last change. What was said in them, and their files, are gone for good. 0: never.',
  },
}

/** What is asked before a time takes something away that would have stayed. */
export interface Consequence {
  readonly title: string
  readonly description: string
  readonly confirmLabel: string
}

const days = (count: number): string => (count === 1 ? 'a day' : `${count.toLocaleString('en-US')} days`)

/** What follows from a shorter time; nothing where more stays than before, or nothing is deleted or archived. */
export function consequenceOf(
  name: LifecycleName,
  { wished, lifecycle }: { readonly wished: number; readonly lifecycle: AgentLifecycle },
): Consequence | undefined {
  const now = lifecycle[name] ?? 0
  if (name === 'workspaceTtlMs' || wished === 0 || (now > 0 && wished >= now)) return undefined
  if (name === 'autoArchiveDays') {
    const kept = lifecycle.retentionDays ?? 0
    const deleted =
      kept === 0
        ? 'They can be taken out of the archive again.'
        : `They can be taken out of the archive again until they are deleted, ${days(kept)} after their last change.`
    return {
      title: `Archive chats that nobody uses for ${days(wished)}?`,
      description: `This begins with the chats that are unused for so long already, of everybody. Pinned chats stay. ${deleted}`,
      confirmLabel: 'Archive unused chats',
    }
  }
  const archiving =
    (lifecycle.autoArchiveDays ?? 0) > 0 ? ' Chats that are archived for being unused are among them.' : ''
  return {
    title: `Delete archived chats after ${days(wished)}?`,
    description: `This begins with the archived chats that are older already, of everybody: all that was said in them and their files are gone for good, and nobody can bring them back.${archiving}`,
    confirmLabel: 'Delete archived chats',
  }
}
