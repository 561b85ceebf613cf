import type { Deployment } from '#ipc/deployments'
import { InfoIcon } from '../../../ui/icons.tsx'
import { useRunsUnasked } from '../../mcp-servers/index.ts'

/** Below the box: agents of this deployment do not ask before they act. Nothing where they do. */
export function UnaskedLine({ deployment }: { readonly deployment: Deployment }) {
  if (!useRunsUnasked(deployment.id)) return null
  return (
    <p className="flex min-w-0 items-center gap-1.5 px-1.5 text-sm text-fg-3 [&>.lucide]:size-3">
      <InfoIcon />
      <span className="cut">Agents on {deployment.name} run their tools without asking you.</span>
    </p>
  )
}
