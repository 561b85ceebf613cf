import { Badge } from '../../ui/badge.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import type { ServerDraft } from './server-draft.ts'
import { ServerIcon } from './server-icon.tsx'

/** What a user will see of the server: neither its address nor how it is signed in to, but what is asked of them. */
export function MemberPreview({ draft }: { readonly draft: ServerDraft }) {
  const keys = draft.auth_type === 'custom_headers' ? draft.user_keys : []
  const named = keys.filter(({ name }) => name.trim() !== '')
  const isAllowing = draft.tool_allow_list.length > 0
  const tools = isAllowing ? draft.tool_allow_list : draft.tool_deny_list
  return (
    <section aria-label="What users will see" className="flex flex-col gap-2">
      <h2 className="text-sm font-medium text-fg-2">What users will see</h2>
      {draft.enabled ? null : <Notice>Nothing, as long as it is switched off.</Notice>}
      <Card flush>
        <div className="flex items-center gap-3 border-b border-line p-3.5">
          <span className="grid size-9 flex-none place-items-center rounded-lg bg-idle-bg text-fg-2">
            <ServerIcon url={draft.icon_url} />
          </span>
          <div className="min-w-0 flex-1">
            <div className="cut text-lg font-semibold">{draft.display_name.trim() || 'No name yet'}</div>
            {draft.description.trim() === '' ? null : (
              <p className="line-clamp-2 text-sm text-fg-2">{draft.description}</p>
            )}
            <Standing draft={draft} count={named.length} />
          </div>
        </div>
        {named.map(({ id, name, description }) => (
          <div key={id} className="border-line px-3.5 py-3 not-last:border-b">
            <div className="mb-1.5 cut font-mono font-medium">{name.trim()}</div>
            <div className="flex h-8 items-center rounded-md border border-line-strong px-2.5 text-fg-3">
              Your value
            </div>
            {description.trim() === '' ? null : (
              <p className="mt-1.5 text-sm text-fg-3">{description.trim()}</p>
            )}
          </div>
        ))}
        {named.length > 0 ? null : <p className="px-3.5 py-3 text-fg-2">{nothingToSet(draft.auth_type)}</p>}
        {tools.length === 0 ? null : (
          <CardRow className="border-t">
            <span className="w-24 flex-none text-fg-3">{isAllowing ? 'Only these' : 'Never these'}</span>
            <span className="flex min-w-0 flex-wrap gap-1">
              {tools.map((tool) => (
                <Badge key={tool}>
                  <span className="cut max-w-40 font-mono">{tool}</span>
                </Badge>
              ))}
            </span>
          </CardRow>
        )}
      </Card>
      <p className="text-sm text-fg-3">
        Only administrators see the address and how the deployment signs in. Nobody sees a secret.
      </p>
    </section>
  )
}

function Standing({ draft, count }: { readonly draft: ServerDraft; readonly count: number }) {
  if (draft.auth_type === 'oauth2')
    return <StatusMark status="pending" label="Needs you to sign in" className="text-sm text-fg-3" />
  if (count === 0)
    return <StatusMark status="running" label="No value needed" className="text-sm text-fg-3" />
  const label = `0 of ${count} ${count === 1 ? 'value' : 'values'} set`
  return <StatusMark status="stopped" label={label} className="text-sm text-fg-3" />
}

function nothingToSet(authType: string): string {
  if (authType === 'oauth2') return 'They sign in to it in the browser.'
  if (authType === 'user_oidc') return 'Their sign-in to the deployment is used. There is nothing to set.'
  return 'There is nothing for them to set.'
}
