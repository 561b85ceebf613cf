import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { WorkspaceApp } from '#bridge/contract/workspace-apps'
import type { Workspace } from '#bridge/contract/workspaces'
import { plainText } from '../../lib/plain-text.ts'
import { agentsOf, type StateWords } from './workspace-state.ts'

/** An app as it is shown, with the agent it runs on. */
export interface ShownApp {
  readonly agent: WorkspaceAgent
  readonly app: WorkspaceApp
  readonly name: string
  /** Where it opens. `page`: of the workspace; `elsewhere`: an address of its own. */
  readonly opens: 'terminal' | 'page' | 'elsewhere'
}

/** A template may name any number; a person looks through so many. */
const maxApps = 100

/** The apps of a workspace that its template shows. */
export function shownApps(workspace: Workspace): readonly ShownApp[] {
  return agentsOf(workspace.latest_build)
    .flatMap((agent) =>
      agent.apps
        .filter(({ hidden }) => !hidden)
        .map((app) => ({
          agent,
          app,
          name: plainText(app.display_name ?? '', 60).trim() || plainText(app.slug, 60),
          opens: opensIn(app),
        })),
    )
    .slice(0, maxApps)
}

function opensIn({ external, command }: WorkspaceApp): ShownApp['opens'] {
  if (external) return 'elsewhere'
  return (command ?? '') === '' ? 'page' : 'terminal'
}

/** The health of an app in words; nothing where nobody checks it. */
export function appState({ health }: WorkspaceApp): StateWords | undefined {
  switch (health) {
    case 'healthy':
      return { status: 'running', label: 'Answers' }
    case 'initializing':
      return { status: 'starting', label: 'Starting' }
    case 'unhealthy':
      return { status: 'unhealthy', label: 'Does not answer' }
    case 'disabled':
      return undefined
    default:
      return { status: 'unknown', label: 'State unknown' }
  }
}
