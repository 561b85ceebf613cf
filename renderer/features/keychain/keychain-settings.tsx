import { useState, type ReactNode } from 'react'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusMark, type Status } from '../../ui/status-mark.tsx'
import { UnlockButton } from './keychain-banner.tsx'
import { MemoryConsent } from './memory-consent.tsx'
import { useKeychain } from './use-keychain.ts'

interface Words {
  readonly status: Status
  readonly label: string
  readonly text: ReactNode
}

/** Settings, Keychain: where secrets are kept, openly. */
export function KeychainSettings() {
  const keychain = useKeychain()
  const [asking, setAsking] = useState(false)
  const words = describe(keychain)
  return (
    <Card title="Keychain" meta="Where this app keeps your session tokens">
      <div className="flex flex-col gap-3">
        <StatusMark status={words.status} label={words.label} />
        <p className="max-w-prose text-fg-2">{words.text}</p>
        {keychain.kind === 'memory' ? (
          <Notice tone="warn">When you quit Outpost, these sign-ins are gone.</Notice>
        ) : null}
        <div className="flex flex-wrap gap-2">
          {keychain.kind === 'locked' ? <UnlockButton /> : null}
          {keychain.kind === 'locked' || keychain.kind === 'absent' ? (
            <Button onClick={() => setAsking(true)}>Work without it…</Button>
          ) : null}
          {keychain.kind === 'absent' || keychain.kind === 'memory' ? <LookAgain /> : null}
        </div>
      </div>
      <MemoryConsent open={asking} onOpenChange={setAsking} />
    </Card>
  )
}

function LookAgain() {
  const look = useChange('keychain.unlock')
  return (
    <Button loading={look.isPending} onClick={() => look.mutate({})}>
      Look for a keychain again
    </Button>
  )
}

function describe(keychain: ReturnType<typeof useKeychain>): Words {
  switch (keychain.kind) {
    case 'checking':
      return { status: 'starting', label: 'Checking', text: 'The app is asking the system for its keychain.' }
    case 'works':
      return {
        status: 'running',
        label: `Works: ${keychain.backend}`,
        text: 'Tokens lie encrypted in the keychain of your system. They are never written to a file of this app, and never shown to a page.',
      }
    case 'locked':
      return {
        status: 'pending',
        label: `Locked: ${keychain.backend}`,
        text: 'Tokens can be neither read nor saved. Unlock it with your password, or agree to keep tokens in memory until you quit.',
      }
    case 'absent':
      return { status: 'unhealthy', label: 'Cannot be used', text: keychain.reason }
    case 'memory':
      return { status: 'unhealthy', label: 'In memory only, as you agreed', text: keychain.reason }
  }
}
