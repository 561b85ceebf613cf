import { useState, type SyntheticEvent } from 'react'
import type { UserAIProviderKey } from '#bridge/contract/ai-provider-keys'
import { useApi } from '../../api/api-context.tsx'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { useRead } from '../../api/use-call.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure, inWords } from './failure.tsx'
import { keepOwnKey, useTypedOwnKey } from './own-key-drafts.ts'
import { kindOf, providerName } from './provider-kinds.ts'
import { useModelChanges } from './use-ai-models.ts'

/** Keys that the user brings along, each used in place of the deployment's. */
export function OwnKeys({ deploymentId }: { readonly deploymentId: string }) {
  const keys = useRead('aiModels.ownKeys', { deploymentId })
  if (keys.isError)
    return hasCode<'aiModels.ownKeys'>(keys.error, 'unsupported') ? null : (
      <Failure
        title="Your keys cannot be shown"
        error={keys.error}
        isRetrying={keys.isFetching}
        onRetry={() => void keys.refetch()}
      />
    )
  return (
    <Card title="Keys of your own" meta="Used in place of the deployment’s, for your chats alone" flush>
      {keys.isPending ? <SkeletonRows rows={2} label="Loading your keys" /> : null}
      {keys.data === undefined ? null : <Rows deploymentId={deploymentId} keys={keys.data} />}
    </Card>
  )
}

function Rows({
  deploymentId,
  keys,
}: {
  readonly deploymentId: string
  readonly keys: readonly UserAIProviderKey[]
}) {
  const shown = keys.filter(
    ({ provider, has_user_api_key: hasOwn, byok_enabled: isAllowed }) =>
      hasOwn || (isAllowed && provider.enabled && !provider.deleted && kindOf(provider.type)?.key !== 'none'),
  )
  if (shown.length === 0)
    return (
      <p className="px-3.5 py-3 text-fg-3">
        {keys.some(({ byok_enabled: isAllowed }) => !isAllowed)
          ? 'An administrator has switched off keys of users on this deployment.'
          : 'No provider of this deployment takes one.'}
      </p>
    )
  return (
    <ul>
      {shown.map((entry) => (
        <li key={entry.provider.id} className="border-line px-3.5 py-3 not-last:border-b">
          <OwnKey deploymentId={deploymentId} entry={entry} />
        </li>
      ))}
    </ul>
  )
}

function OwnKey({
  deploymentId,
  entry,
}: {
  readonly deploymentId: string
  readonly entry: UserAIProviderKey
}) {
  const { client } = useApi()
  const { setOwnKey, deleteOwnKey } = useModelChanges(deploymentId)
  const [isRemoving, setIsRemoving] = useState(false)
  const { provider, has_user_api_key: hasOwn, byok_enabled: isAllowed } = entry
  const name = providerName(provider)
  const place = { deploymentId, providerId: provider.id }
  const typed = useTypedOwnKey(place)
  const save = (event: SyntheticEvent) => {
    event.preventDefault()
    if (typed.trim() === '' || setOwnKey.isPending) return
    // A promise, since callbacks of the call are skipped once the user looks at another page.
    void setOwnKey.mutateAsync({ ...place, key: typed.trim() }).then(
      () => {
        keepOwnKey(place, '', typed)
        toast({ tone: 'ok', title: `Your key for ${name} is saved` })
      },
      () => undefined, // Shown in place of the help.
    )
  }
  return (
    <form className="flex items-start gap-2" onSubmit={save}>
      <Field
        className="flex-1"
        label={name}
        badge={<KeyState entry={entry} />}
        help={isAllowed ? undefined : 'An administrator has switched off keys of users, so it is not used.'}
        error={setOwnKey.isError ? errorWords(setOwnKey.error).message : undefined}
      >
        <SecretInput
          value={typed}
          stored={hasOwn}
          disabled={!isAllowed}
          placeholder="Your key"
          onChange={(text) => keepOwnKey(place, text)}
          readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
        />
      </Field>
      <div className="flex gap-2 pt-[26px]">
        <Button
          size="lg"
          type="submit"
          aria-label={`Save your key for ${name}`}
          loading={setOwnKey.isPending}
          disabled={typed.trim() === ''}
        >
          Save
        </Button>
        {hasOwn ? (
          <Button
            size="lg"
            variant="ghost"
            aria-label={`Remove your key for ${name}`}
            onClick={() => setIsRemoving(true)}
          >
            Remove
          </Button>
        ) : null}
      </div>
      {isRemoving ? (
        <ConfirmDialog
          open
          onOpenChange={setIsRemoving}
          title={`Remove your key for ${name}?`}
          description={
            entry.has_provider_api_key
              ? 'Your chats use the deployment’s key from then on.'
              : 'The deployment has none, so your chats cannot use this provider until you save another.'
          }
          confirmLabel="Remove key"
          danger
          onConfirm={async () => {
            await deleteOwnKey.mutateAsync(place).catch(inWords)
          }}
        />
      ) : null}
    </form>
  )
}

function KeyState({ entry }: { readonly entry: UserAIProviderKey }) {
  if (entry.has_user_api_key) return <Badge tone={entry.byok_enabled ? 'ok' : 'neutral'}>Yours</Badge>
  if (entry.has_provider_api_key) return <Badge>The deployment’s</Badge>
  return kindOf(entry.provider.type)?.key === 'optional' ? (
    <Badge>None needed</Badge>
  ) : (
    <Badge tone="warn">Needs yours</Badge>
  )
}
