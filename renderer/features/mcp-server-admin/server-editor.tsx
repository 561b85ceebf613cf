import { useEffect, useState, type SyntheticEvent } from 'react'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DiscardDialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast-store.ts'
import { AboutSection } from './about-section.tsx'
import { ConflictNotice } from './conflict-notice.tsx'
import type { OpenEditor } from './editor-record.ts'
import { MemberPreview } from './member-preview.tsx'
import { SignInSection } from './sign-in-section.tsx'
import { ToolsSection } from './tools-section.tsx'
import { UseSection } from './use-section.tsx'
import type { ServerAccess } from './use-server-admin.ts'
import { useServerForm, type ServerForm } from './use-server-form.ts'

export interface ServerEditorProps {
  readonly deploymentId: string
  readonly editor: OpenEditor
  readonly access: ServerAccess
  readonly onSaved: (config: MCPServerConfig) => void
}

/** The form of one MCP server, with what users will see of it beside. */
export function ServerEditor({ deploymentId, editor, access, onSaved }: ServerEditorProps) {
  const [isLeaving, setIsLeaving] = useState(false)
  const form = useServerForm({
    deploymentId,
    editor,
    onSaved: (config) => {
      toast({ tone: 'ok', title: `${config.display_name} is saved` })
      onSaved(config)
    },
  })
  const { base, draft, isDirty, theirs, takeTheirs } = form
  // Nothing was typed yet: the newer state is simply shown.
  useEffect(() => {
    if (theirs !== undefined && !isDirty) takeTheirs(theirs)
  })
  const leave = () => {
    if (isDirty) setIsLeaving(true)
    else form.discard()
  }
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const element = event.currentTarget
    form.submit()
    // After the check has marked them, the first field in need gets the focus.
    requestAnimationFrame(() => element.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  const title = base === null ? 'New MCP server' : base.display_name
  return (
    <form
      aria-label={title}
      className="flex h-full min-h-0 flex-col"
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        // React brings the keys of dialogs and menus here, too, though they lie elsewhere on the page.
        const isInside = event.target instanceof Node && event.currentTarget.contains(event.target)
        if (event.key === 'Escape' && isInside && !event.defaultPrevented) leave()
      }}
    >
      <header className="flex h-12 flex-none items-center gap-2 border-b border-line pr-3 pl-5">
        <h2 className="min-w-0 flex-1 cut text-lg font-semibold">{title}</h2>
        <Need form={form} />
        <Button onClick={leave}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          loading={form.isSaving}
          disabled={form.isGone || theirs !== undefined}
        >
          {base === null ? 'Add server' : 'Save'}
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="grid gap-5 p-5 wide:grid-cols-[minmax(0,1fr)_300px]">
          <div className="@container flex min-w-0 flex-col gap-4">
            <ConflictNotice form={form} />
            {editor.lostSecrets ? (
              <Notice tone="warn">
                The secrets you had typed were kept in memory alone and are gone with the reload. Type them
                again.
              </Notice>
            ) : null}
            <Failure form={form} />
            <AboutSection form={form} />
            <SignInSection form={form} hasUserKeys={access.hasUserKeys} />
            <UseSection form={form} />
            <ToolsSection deploymentId={deploymentId} form={form} />
          </div>
          <div className="min-w-0 wide:sticky wide:top-5 wide:self-start">
            <MemberPreview draft={draft} />
          </div>
        </div>
      </div>
      <DiscardDialog
        open={isLeaving}
        onKeep={() => setIsLeaving(false)}
        onDiscard={() => {
          setIsLeaving(false)
          form.discard()
        }}
      />
      <ConfirmDialog
        open={form.asking !== undefined}
        onOpenChange={(open) => {
          if (!open) form.cancelAsking()
        }}
        title={form.asking?.title ?? ''}
        description={form.asking?.sentences.join(' ')}
        confirmLabel={form.asking?.confirmLabel ?? ''}
        danger
        onConfirm={form.confirm}
      />
    </form>
  )
}

function Need({ form: { problemCount, isChecked } }: { readonly form: ServerForm }) {
  if (problemCount === 0 || !isChecked) return null
  return (
    <span className="text-sm text-fg-2">
      {problemCount === 1 ? '1 field needs you' : `${problemCount} fields need you`}
    </span>
  )
}

function Failure({ form: { failure, base } }: { readonly form: ServerForm }) {
  if (failure === undefined) return null
  const { message, detail } = errorWords(failure)
  return (
    <ErrorState
      title={base === null ? 'The server is not added' : 'The server is not saved'}
      details={detail}
    >
      {message}
    </ErrorState>
  )
}
