import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { theirChanges } from './rebase-draft.ts'
import type { ServerForm } from './use-server-form.ts'

/** Somebody else changed or deleted the server while the form was open. What was typed stays either way. */
export function ConflictNotice({ form }: { readonly form: ServerForm }) {
  if (form.isGone)
    return (
      <Notice
        tone="warn"
        title="Somebody else has deleted this server meanwhile"
        actions={
          <>
            <Button onClick={form.startAnew}>Make a new one of it</Button>
            <Button variant="ghost" onClick={form.discard}>
              Discard
            </Button>
          </>
        }
      >
        What you typed is still here. Secrets that were stored are gone with the server.
      </Notice>
    )
  if (form.theirs === undefined || form.base === null) return null
  return <TheirChanges form={form} base={form.base} theirs={form.theirs} />
}

interface TheirChangesProps {
  readonly form: ServerForm
  readonly base: MCPServerConfig
  readonly theirs: MCPServerConfig
}

function TheirChanges({ form, base, theirs }: TheirChangesProps) {
  const changes = theirChanges(base, theirs, form.draft)
  return (
    <Notice
      tone="warn"
      title="Somebody else has changed this server meanwhile"
      actions={
        <>
          <Button onClick={() => form.rebase(theirs)}>Go on with mine</Button>
          <Button variant="ghost" onClick={() => form.takeTheirs(theirs)}>
            Take theirs
          </Button>
        </>
      }
    >
      {changes.length === 0 ? (
        'Nothing that is shown here differs; a secret may have been replaced.'
      ) : (
        <ul aria-label="What they changed" className="flex flex-col gap-0.5">
          {changes.map(({ label, value, isContested }) => (
            <li key={label} className="flex min-w-0 items-center gap-2">
              <span className="flex-none text-fg-3">{label}</span>
              <span className="cut">{value === '' ? 'nothing' : value}</span>
              {isContested ? <Badge tone="warn">You changed it too</Badge> : null}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  )
}
