import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ExternalLinkIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Elapsed } from '../../ui/time.tsx'
import { nameOf } from './server-words.ts'
import { runSignIn, useSignIn } from './sign-ins.ts'
import type { McpServerEntry } from './use-mcp-servers.ts'

export interface ServerSignInProps {
  readonly deploymentId: string
  readonly config: McpServerEntry['config']
}

/** An OAuth2 server: signed in, waiting for the browser, or not. The token lies on the deployment alone. */
export function ServerSignIn({ deploymentId, config }: ServerSignInProps) {
  const { client } = useApi()
  const cache = useQueryClient()
  const signIn = useSignIn(deploymentId, config.id)
  const refresh = () => cache.invalidateQueries({ queryKey: ['mcpServers.list', { deploymentId }] })
  const signOut = useChange('mcpServers.signOut', { onSettled: refresh })
  const begin = () => void runSignIn(client, deploymentId, config.id).then(refresh)
  const name = nameOf(config)
  if (signIn?.kind === 'waiting')
    return (
      <Notice
        tone="busy"
        title="Waiting for the browser"
        actions={
          <Button size="sm" onClick={signIn.cancel}>
            Cancel
          </Button>
        }
      >
        Finish the sign-in to {name} there. <Elapsed since={signIn.startedAt} />
      </Notice>
    )
  const failure =
    signIn?.kind === 'failed' ? signIn.message : signOut.error && errorWords(signOut.error).message
  return (
    <Card title="Sign-in" meta="The deployment keeps the token; nobody can read it.">
      <div className="flex items-center gap-3">
        {config.auth_connected ? (
          <>
            <StatusMark status="running" label="You are signed in" className="flex-1" />
            <Button
              loading={signOut.isPending}
              onClick={() => signOut.mutate({ deploymentId, serverId: config.id })}
            >
              Sign out
            </Button>
          </>
        ) : (
          <>
            <p className="min-w-0 flex-1 text-fg-2">
              {config.enabled
                ? `You sign in to ${name} in your browser.`
                : 'It is switched off, so nobody can sign in to it now.'}
            </p>
            <Button variant="primary" icon={<ExternalLinkIcon />} disabled={!config.enabled} onClick={begin}>
              Sign in
            </Button>
          </>
        )}
      </div>
      {failure ? (
        <Notice tone="bad" className="mt-3">
          {failure}
        </Notice>
      ) : null}
    </Card>
  )
}
