import { Button } from '../../../../ui/button.tsx'
import { ExternalLinkIcon, LogInIcon } from '../../../../ui/icons.tsx'
import { StatusMark } from '../../../../ui/status-mark.tsx'
import { oneLine } from '../hostile-text.ts'
import { CallState, CardBody, ToolCard } from '../tool-card.tsx'
import { isSet, textField } from '../tool-fields.ts'
import { useActions } from '../transcript-actions.ts'
import { webHost } from '../web-host.ts'
import { FailureBody } from './failure-body.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, failureOf } from './tool-words.ts'

/** Below a command that was refused for want of a sign-in: where to sign in, and the way there. */
export function SignInFirst({ result }: { readonly result: unknown }) {
  const { onOpenLink } = useActions()
  const url = textField(result, 'authenticate_url')
  if (url === undefined && !isSet(result, 'auth_required')) return null
  const provider = providerOf(result)
  const host = webHost(url)
  return (
    <CardBody className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-2.5 py-1.5">
      <span className="flex min-w-0 flex-1 items-center gap-2">
        <LogInIcon className="flex-none text-warn" />
        <span className="min-w-0">
          {provider === undefined
            ? 'The command needs you to sign in first.'
            : `The command needs you to sign in to ${provider} first.`}{' '}
          <span className="text-fg-3">
            {host === undefined
              ? 'The deployment did not say where.'
              : 'Afterwards, ask the agent to try again.'}
          </span>
        </span>
      </span>
      {url === undefined || host === undefined ? null : (
        <Button
          trailing={<ExternalLinkIcon className="size-3" />}
          title={oneLine(url, 300)}
          onClick={() => onOpenLink(url)}
        >
          Sign in at {host}
        </Button>
      )}
    </CardBody>
  )
}

/** `wait_for_external_auth`: the agent goes on once its owner has signed in to where the code lies. */
export function WaitForSignIn({ call }: ToolProps) {
  const provider = providerOf(call.result) ?? oneLine(argument(call, 'provider_id') ?? '', 60)
  const where = provider === '' ? '' : ` to ${provider}`
  const isSignedIn = isSet(call.result, 'authenticated')
  const isLate = !isSignedIn && isSet(call.result, 'timed_out')
  return (
    <ToolCard
      icon={<LogInIcon />}
      title={
        isSignedIn ? `You signed in${where}` : `${isLate ? 'Waited' : 'Waiting'} for you to sign in${where}`
      }
      meta={isLate ? <StatusMark status="stopped" label="Not in time" /> : <CallState call={call} />}
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

/** Who has the code, in the words that are there. */
function providerOf(result: unknown): string | undefined {
  const said =
    textField(result, 'provider_display_name') ??
    textField(result, 'provider_id') ??
    textField(result, 'provider_type')
  return said === undefined ? undefined : oneLine(said, 60)
}
