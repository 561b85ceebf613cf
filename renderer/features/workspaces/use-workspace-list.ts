import { useState } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'
import { useSubscription, type SubscriptionResult } from '../../api/use-subscription.ts'
import { useSettled } from '../../lib/use-settled.ts'

interface WorkspaceList {
  readonly workspaces: readonly Workspace[]
  readonly count: number
}

export interface WorkspaceListView extends Omit<SubscriptionResult<WorkspaceList>, 'data'> {
  /** The newest list; the one of the query before until the new one is there. */
  readonly data: WorkspaceList | undefined
  /** The list shown belongs to the query before. */
  readonly isBehind: boolean
}

/** All workspaces that fit a query, live. */
export function useWorkspaceList(deploymentId: string, query: string): WorkspaceListView {
  const settled = useSettled(query.trim())
  const live = useSubscription('workspaces.watchList', { deploymentId, q: settled })
  const [kept, setKept] = useState(live.data)
  if (live.data !== undefined && live.data !== kept) setKept(live.data)
  return { ...live, data: live.data ?? kept, isBehind: live.data === undefined }
}
