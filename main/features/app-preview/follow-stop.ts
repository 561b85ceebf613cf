/** Tells when the workspace of a preview does not run any more: its page would stay as a picture of what is gone. */
import type { Workspace } from '#bridge/contract/workspaces'
import { ProcedureError } from '../../lib/procedure-error.ts'

interface Place {
  readonly deploymentId: string
  readonly workspaceId: string
}

/** @param watch the workspace, live, until the signal. */
export function createFollowStop(watch: (place: Place, signal: AbortSignal) => AsyncIterable<Workspace>) {
  return (
    { deploymentId, workspaceId }: Place,
    listener: (how: 'stopped' | 'gone') => void,
  ): (() => void) => {
    const end = new AbortController()
    const follow = async (): Promise<void> => {
      for await (const { latest_build: build } of watch({ deploymentId, workspaceId }, end.signal)) {
        if (end.signal.aborted) return
        if (build.status !== 'running') {
          listener(build.status === 'deleted' ? 'gone' : 'stopped')
          return
        }
      }
    }
    follow().catch((error: unknown) => {
      // Whatever else keeps one from looking tells nothing of the workspace.
      if (!end.signal.aborted && error instanceof ProcedureError && error.code === 'deleted') listener('gone')
    })
    return () => end.abort()
  }
}
