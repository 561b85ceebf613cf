import { useState } from 'react'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { classNames } from '../../lib/class-names.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { CheckIcon, LockIcon, MinusIcon, Trash2Icon } from '../../ui/icons.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { forgetTest } from './connection-tests.ts'
import { forgetSavedDraft, setHeaderDraft, useHeaderDraft } from './header-drafts.ts'
import { valueProblem } from './server-words.ts'
import { useHeaderChanges, type McpServerEntry } from './use-mcp-servers.ts'

export interface HeaderFieldProps {
  readonly deploymentId: string
  readonly serverId: string
  readonly header: McpServerEntry['headers'][number]
  readonly onClear: () => void
  /** The vault cannot be written now. */
  readonly disabled: boolean
}

/** One header of the user: where its value lies, and a field for a new one. A stored value is never shown. */
export function HeaderField({ deploymentId, serverId, header, onClear, disabled }: HeaderFieldProps) {
  const { client } = useApi()
  const { save } = useHeaderChanges(deploymentId)
  const serverKey = `${deploymentId}/${serverId}`
  const draft = useHeaderDraft(serverKey, header.name)
  const problem = draft === undefined ? undefined : valueProblem(draft)
  const isStored = header.inVault || header.onServer === true
  const giveUp = () => {
    setHeaderDraft(serverKey, header.name, undefined)
    save.reset()
  }
  const submit = () => {
    if (draft === undefined || draft.trim() === '' || problem !== undefined || disabled) return
    // A promise, since callbacks of the call are skipped once the user looks at another page.
    void save.mutateAsync({ deploymentId, serverId, values: { [header.name]: draft } }).then(
      () => {
        forgetSavedDraft(serverKey, header.name, draft)
        forgetTest(deploymentId, serverId)
      },
      // The field shows it, and still has what was typed.
      () => undefined,
    )
  }
  return (
    <form
      className="border-line px-3.5 py-3 not-last:border-b"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Field
        label={
          <span className="line-clamp-2 font-mono wrap-anywhere copyable">{plainText(header.name, 256)}</span>
        }
        badge={header.isNew ? <Badge tone="accent">New</Badge> : undefined}
        hint={<Places header={header} />}
        help={header.description === '' ? undefined : <Description text={header.description} />}
        error={problem ?? (save.isError ? errorWords(save.error).message : undefined)}
        disabled={disabled}
      >
        <div className="flex items-center gap-2">
          <div className="min-w-0 flex-1">
            <SecretInput
              value={draft ?? ''}
              stored={isStored}
              note={
                header.savedAt === null ? undefined : (
                  <span className="text-sm text-fg-3 max-mid:hidden">
                    saved <RelativeTime value={header.savedAt} />
                  </span>
                )
              }
              placeholder="Your value"
              onChange={(value) => setHeaderDraft(serverKey, header.name, value === '' ? undefined : value)}
              readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || draft === undefined) return
                event.stopPropagation()
                giveUp()
              }}
            />
          </div>
          {draft === undefined ? null : (
            <>
              <Button type="submit" variant="primary" size="lg" loading={save.isPending}>
                Save
              </Button>
              <Button variant="ghost" size="lg" onClick={giveUp}>
                Cancel
              </Button>
            </>
          )}
          {draft === undefined && isStored ? (
            <IconButton
              size="lg"
              label={`Clear ${header.name}`}
              icon={<Trash2Icon />}
              disabled={disabled}
              onClick={onClear}
            />
          ) : null}
        </div>
      </Field>
    </form>
  )
}

/** An administrator's text, which may have any length. */
const SHOWN_CHARACTERS = 300

function Description({ text }: { readonly text: string }) {
  const [isWhole, setWhole] = useState(false)
  const short = plainText(text, SHOWN_CHARACTERS)
  const whole = plainText(text, text.length)
  return (
    <>
      <span className={classNames('block wrap-anywhere copyable', isWhole && 'max-h-60 overflow-y-auto')}>
        {isWhole ? whole : short}
      </span>
      {short === whole ? null : (
        <Button variant="ghost" size="sm" className="-ml-2" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show less' : 'Show all'}
        </Button>
      )}
    </>
  )
}

function Places({ header: { inVault, onServer } }: { readonly header: HeaderFieldProps['header'] }) {
  return (
    <span className="flex flex-none items-center gap-1">
      {inVault ? (
        <Badge tone="ok" icon={<LockIcon />}>
          In vault
        </Badge>
      ) : null}
      {onServer === true ? (
        <Badge tone="ok" icon={<CheckIcon />}>
          On server
        </Badge>
      ) : null}
      {onServer === false ? (
        <Badge tone={inVault ? 'warn' : 'neutral'} icon={<MinusIcon />}>
          Not on server
        </Badge>
      ) : null}
    </span>
  )
}
