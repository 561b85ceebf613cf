import { useRef } from 'react'
import type { CliSignaturePolicy, CliState } from '#bridge/contract/coder-cli'
import type { Deployment } from '#ipc/deployments'
import type { Output } from '../../api/procedure-types.ts'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Option } from '../../ui/option.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { RadioCards } from '../../ui/radio-cards.tsx'
import { SideSheet } from '../../ui/side-sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { plainText } from '../../lib/plain-text.ts'

export interface CoderCliSheetProps {
  /** Whose command line; closed without one. */
  readonly deployment: Deployment | undefined
  readonly onClose: () => void
}

/** Versions and reasons are a server's words. */
const longestShown = 600

type View = Output<'coderCli.watch'>

const policies: readonly Option<CliSignaturePolicy>[] = [
  {
    value: 'deployment',
    label: "The deployment's signature",
    description: "The deployment gives Coder's signature beside the program. Recommended.",
  },
  {
    value: 'published',
    label: "Coder's published signature as well",
    description:
      'Where the deployment has none, it is asked for at releases.coder.com, which learns the version.',
  },
  {
    value: 'none',
    label: 'No check',
    description: 'Whatever the deployment gives is run with your rights on this computer.',
  },
]

/** The command line of one deployment: how it is with it, where it comes from, and how it is checked. */
export function CoderCliSheet({ deployment, onClose }: CoderCliSheetProps) {
  return (
    <SideSheet
      open={deployment !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={deployment ? `Command line of ${deployment.name}` : 'Command line'}
      description="Tunnels, files and header gateways reach workspaces through the deployment's own command line."
    >
      {deployment ? <Loaded key={deployment.id} deploymentId={deployment.id} /> : null}
    </SideSheet>
  )
}

function Loaded({ deploymentId }: { readonly deploymentId: string }) {
  const { data, error, retry } = useSubscription('coderCli.watch', { deploymentId })
  if (data) return <Settings deploymentId={deploymentId} view={data} />
  if (!error) return <SkeletonRows label="Reading the settings of the command line" />
  return (
    <ErrorState
      title="The settings of the command line cannot be read"
      actions={<Button onClick={retry}>Try again</Button>}
    >
      {errorWords(error).message}
    </ErrorState>
  )
}

function Settings({ deploymentId, view }: { readonly deploymentId: string; readonly view: View }) {
  const choose = useChange('coderCli.choose')
  const forget = useChange('coderCli.forget')
  const setSignature = useChange('coderCli.setSignature')
  // One click may arrive as two, by the card and by its button, and main asks a question.
  const wanted = useRef<CliSignaturePolicy>(undefined)
  const trust = (signature: CliSignaturePolicy): void => {
    if (wanted.current === signature) return
    wanted.current = signature
    const onSettled = (): void => {
      wanted.current = undefined
    }
    setSignature.mutate({ deploymentId, signature }, { onSettled })
  }
  const failed = [choose, forget, setSignature].find(({ error }) => error !== null)
  const isBusy = choose.isPending || forget.isPending || setSignature.isPending
  return (
    <div className="flex flex-col gap-6">
      <section aria-label="Now" className="flex flex-col gap-2">
        <h3 className="font-semibold">Now</h3>
        <Now state={view.state} />
      </section>
      <section aria-label="Program" className="flex flex-col gap-2">
        <h3 className="font-semibold">Program</h3>
        <p className="text-fg-2">
          {view.chosen === null ? (
            "The deployment's own, downloaded once and whenever the deployment has another version."
          ) : (
            <>
              Your own:{' '}
              <code className="font-mono break-all copyable">{plainText(view.chosen, longestShown)}</code>
            </>
          )}
        </p>
        <div className="flex gap-2">
          <Button disabled={isBusy} onClick={() => choose.mutate({ deploymentId })}>
            Choose a program…
          </Button>
          {view.chosen === null ? null : (
            <Button variant="ghost" disabled={isBusy} onClick={() => forget.mutate({ deploymentId })}>
              Use the deployment's own
            </Button>
          )}
        </div>
      </section>
      {view.chosen === null ? (
        <section aria-label="Check before it is run" className="flex flex-col gap-2">
          <h3 className="font-semibold">Check before it is run</h3>
          <RadioCards
            aria-label="Check before it is run"
            columns={1}
            options={policies}
            value={view.signature}
            disabled={isBusy}
            onChange={trust}
          />
        </section>
      ) : null}
      {failed?.error ? <Notice tone="bad">{errorWords(failed.error).message}</Notice> : null}
    </div>
  )
}

function Now({ state }: { readonly state: CliState | null }) {
  if (state === null) return <p className="text-fg-2">Nothing has needed it since Outpost was started.</p>
  switch (state.kind) {
    case 'downloading':
      return <Download received={state.received} total={state.total} />
    case 'ready':
      return (
        <>
          <p className="text-fg-2">Version {plainText(state.version, longestShown)} is ready.</p>
          {state.outdated === null ? null : (
            <Notice tone="warn">{plainText(state.outdated, longestShown)}</Notice>
          )}
        </>
      )
    case 'failed':
      return <Notice tone="bad">{plainText(state.reason, longestShown)}</Notice>
  }
}

function Download({ received, total }: { readonly received: number; readonly total: number | null }) {
  const words = `${megabytes(received)}${total === null ? '' : ` of ${megabytes(total)}`} MB`
  return (
    <div className="flex flex-col gap-1.5">
      <p className="num text-fg-2">Downloading: {words}</p>
      <ProgressBar
        label="Download of the command line"
        value={total === null ? undefined : received / total}
      />
    </div>
  )
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)
