/** Links that open a workspace in another editor. None carries a token: each editor signs in for itself. */
import type { Editor } from '#ipc/files'

export interface EditorTarget {
  readonly deploymentUrl: string
  readonly ownerName: string
  readonly workspaceName: string
  readonly agentName: string
  /** A folder on the workspace. */
  readonly location: string | null
}

/**
 * VS Code and its kin by Coder's extension (`/open` of coder.coder-remote), JetBrains by the Coder plugin of Toolbox or
 * Gateway, Zed by the hosts that `coder config-ssh` writes.
 */
export function editorLink(editor: Editor, target: EditorTarget): string {
  switch (editor) {
    case 'vscode':
    case 'vscode-insiders':
    case 'cursor':
    case 'windsurf':
      return `${editor}://coder.coder-remote/open?${vsCodeQuery(target)}`
    case 'jetbrains':
      return `jetbrains://gateway/com.coder.toolbox?${query({
        url: target.deploymentUrl,
        workspace: target.workspaceName,
        agent_name: target.agentName,
        folder: target.location,
      })}`
    case 'jetbrains-gateway':
      return `jetbrains-gateway://connect#${query({
        type: 'coder',
        url: target.deploymentUrl,
        workspace: target.workspaceName,
        agent: target.agentName,
        folder: target.location,
      })}`
    case 'zed':
      return zedLink(target)
  }
}

function vsCodeQuery(target: EditorTarget): string {
  return query({
    owner: target.ownerName,
    workspace: target.workspaceName,
    agent: target.agentName,
    folder: target.location,
    url: target.deploymentUrl,
    // Without a folder: the one that was open last.
    openRecent: target.location === null ? 'true' : null,
  })
}

function zedLink({ ownerName, workspaceName, agentName, location }: EditorTarget): string {
  const host = `coder.${[ownerName, workspaceName, agentName].map(encodeURIComponent).join('--')}`
  const path = (location ?? '').split('/').map(encodeURIComponent).join('/')
  return `zed://ssh/${host}${path}`
}

/** `%20` and not `+`, which not every program takes for a space. */
function query(values: Readonly<Record<string, string | null>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&')
}
