import type { TerminalSession } from '#bridge/contract/agent-runtime'
import { cleanTitle } from './clean-title.ts'
import type { TerminalTabs } from './terminal-groups.ts'
import type { TerminalPlace } from './terminals.ts'

/** How long a server keeps a shell without a client; same as `ptyDetachMinutes` of the contract. */
export const keptMs = 5 * 60_000

/** A shell that can be joined. */
export interface RunningShell {
  readonly terminalId: string
  readonly title: string
  readonly name: string
  /** What is known of it, ending before a time: `Nobody looks, last active`. */
  readonly words: string
  /** Epoch milliseconds. */
  readonly lastActiveAt: number
  /** It has a tab in this window. */
  readonly isOpen: boolean
  readonly canEnd: boolean
}

export interface RunningShellsInput {
  readonly place: Pick<TerminalPlace, 'deploymentId' | 'agentId'>
  /** What the deployment lists; `null` where it cannot. */
  readonly sessions: readonly TerminalSession[] | null
  readonly state: Pick<TerminalTabs, 'tabs' | 'closed'>
  readonly now: number
}

/** What runs on an agent, the last active first: as the deployment lists it, else what was closed here just now. */
export function runningShells({ place, sessions, state, now }: RunningShellsInput): readonly RunningShell[] {
  const shells = sessions
    ? sessions.map((session) => fromSession(session, state))
    : state.closed
        .filter(
          ({ tab, closedAt }) =>
            tab.deploymentId === place.deploymentId &&
            tab.agentId === place.agentId &&
            now - closedAt < keptMs,
        )
        .map(({ tab, closedAt }) => ({
          terminalId: tab.terminalId,
          title: tab.title,
          name: tab.title === '' ? 'Shell' : tab.title,
          words: 'Closed here',
          lastActiveAt: closedAt,
          isOpen: false,
          canEnd: false,
        }))
  return [...shells].sort((a, b) => b.lastActiveAt - a.lastActiveAt)
}

function fromSession(session: TerminalSession, { tabs }: Pick<TerminalTabs, 'tabs'>): RunningShell {
  const { id, command, clients } = session
  const title = cleanTitle(session.title)
  const isOpen = tabs.some(({ terminalId }) => terminalId === id)
  const where = isOpen ? 'Open in this window' : clients > 0 ? 'Open elsewhere' : 'Nobody looks'
  return {
    terminalId: id,
    title,
    name: title !== '' ? title : command !== '' ? cleanTitle(command) : 'Shell',
    words: `${where}, last active`,
    lastActiveAt: Date.parse(session.last_active_at),
    isOpen,
    canEnd: true,
  }
}
