import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { KeyRoundIcon, LayersIcon, LockIcon, PlusIcon, WifiOffIcon } from '../ui/icons.tsx'
import { Banner, Notice } from '../ui/notice.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { ToastHost } from '../ui/toast-host.tsx'
import { toast } from '../ui/toast-store.ts'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { Cell } from './cell.tsx'

const showDialog = new URLSearchParams(location.search).has('dialog')
toast({
  key: 'a',
  title: 'docs-site stopped',
  tone: 'ok',
  action: { label: 'Start again', onSelect: () => undefined },
  durationMs: null,
})
toast({ key: 'b', title: 'report.parquet', tone: 'busy', detail: '412 of 690 MB, 38 MB/s', progress: 0.6 })

/** Empty, loading, error, locked, offline, toasts, and a dialog that asks for a name. */
export function StatesPage() {
  const [open, setOpen] = useState(showDialog)
  return (
    <TooltipProvider>
      <main className="grid h-full grid-cols-3 grid-rows-2 gap-4 p-4">
        <Cell title="Empty">
          <EmptyState
            icon={<LayersIcon />}
            title="No templates yet"
            actions={
              <Button variant="primary" icon={<PlusIcon />}>
                New template
              </Button>
            }
            footnote="Three come with the app"
          >
            A template says what a workspace is made of. Add one to create workspaces from it.
          </EmptyState>
        </Cell>
        <Cell title="Loading, under one second">
          <SkeletonRows rows={6} />
        </Cell>
        <Cell title="Error with the action that fixes it">
          <ErrorState
            title="The build of search-indexer stopped at apply"
            code="quota_exceeded · build 88"
            details="Error: quota exceeded"
            actions={
              <>
                <Button>Show volumes</Button>
                <Button variant="ghost">Build again</Button>
              </>
            }
          >
            The volume quota of team search is full: 500 of 500 GB. Delete a volume or ask for more.
          </ErrorState>
        </Cell>
        <Cell title="Keychain locked">
          <EmptyState
            tone="warn"
            icon={<LockIcon />}
            title="The system keychain is locked"
            actions={
              <>
                <Button variant="primary" icon={<KeyRoundIcon />}>
                  Unlock keychain
                </Button>
                <Button>Work without it</Button>
              </>
            }
            footnote="Nothing is sent to a server until then."
          >
            Outpost cannot read your sign-ins. Terminals that are open go on.
          </EmptyState>
        </Cell>
        <Cell title="Notices">
          <div className="-mx-4 -mt-3 flex flex-col gap-3">
            <Banner tone="warn" icon={<WifiOffIcon />} actions={<Button size="sm">Retry now</Button>}>
              <b className="font-medium">No network.</b> Waiting, 2 terminals kept
            </Banner>
            <div className="flex flex-col gap-3 px-4">
              <Notice actions={<Button size="sm">Change</Button>}>
                Costs 14 credits a day while it runs.
              </Notice>
              <Notice tone="ok">The template is ready.</Notice>
              <Notice tone="busy">Importing version 3</Notice>
              <Notice tone="warn" title="The headers changed on 16 Nov">
                You have set X-Tenant since.
              </Notice>
            </div>
          </div>
        </Cell>
        <Cell title="Dialog">
          <Button
            variant="danger"
            onClick={() => {
              setOpen(true)
            }}
          >
            Delete workspace
          </Button>
        </Cell>
      </main>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="Delete ledger-migrations?"
        description="Its home disk (41 GB) goes too. 2 commits are not pushed."
        typedName="ledger-migrations"
        confirmLabel="Delete workspace"
        danger
        onConfirm={() => undefined}
      />
      <ToastHost />
    </TooltipProvider>
  )
}
