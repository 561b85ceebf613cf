import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../api/error-words.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useDeployments } from '../deployments/index.ts'
import { BundleSheet } from './bundle-sheet.tsx'
import { ChecksCard } from './checks-card.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { TimelineCard } from './timeline-card.tsx'
import { WorkspacesCard } from './workspaces-card.tsx'

/** How connections are and were, and what to do about those that are not. */
export function DiagnosticsPage({ deployment }: { readonly deployment: Deployment }) {
  const [isBundleOpen, setBundleOpen] = useState(false)
  return (
    <>
      <PageHeader
        title="Diagnostics"
        actions={<Button onClick={() => setBundleOpen(true)}>Support bundle…</Button>}
      />
      <div className="min-h-0 flex-1 overflow-auto border-t border-line p-5">
        <Body deployment={deployment} />
      </div>
      <BundleSheet open={isBundleOpen} onOpenChange={setBundleOpen} />
    </>
  )
}

function Body({ deployment }: { readonly deployment: Deployment }) {
  const { deployments } = useDeployments()
  const { data, error, retry } = useSubscription('diagnostics.watch', { deploymentId: deployment.id })
  if (error) {
    const { message, detail } = errorWords(error)
    return (
      <ErrorState
        title="The connections cannot be shown"
        details={detail}
        actions={<Button onClick={retry}>Try again</Button>}
      >
        {message}
      </ErrorState>
    )
  }
  if (!data) return <SkeletonRows rows={8} label="Loading the connections" />
  return (
    <div className="mx-auto grid max-w-[1400px] items-start gap-4 wide:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        <ConnectionCard deployment={deployment} latency={data.latency} />
        <ChecksCard deploymentId={deployment.id} />
        <WorkspacesCard deploymentId={deployment.id} links={data.links} />
      </div>
      <TimelineCard
        deployment={deployment}
        deployments={deployments}
        entries={data.entries}
        current={data.current}
      />
    </div>
  )
}
