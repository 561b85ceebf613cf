import { useState } from 'react'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { KeyRoundIcon, LockIcon } from '../../ui/icons.tsx'
import { Banner } from '../../ui/notice.tsx'
import { MemoryConsent } from './memory-consent.tsx'
import { useKeychain } from './use-keychain.ts'

/** A keychain that keeps the app from its secrets, with both ways on. Nothing while it works. */
export function KeychainBanner() {
  const keychain = useKeychain()
  const [asking, setAsking] = useState(false)
  const consent = <MemoryConsent open={asking} onOpenChange={setAsking} />
  const without = <Button onClick={() => setAsking(true)}>Work without it…</Button>
  if (keychain.kind === 'locked') {
    return (
      <>
        <Banner
          tone="warn"
          icon={<LockIcon />}
          title={`The system keychain is locked (${keychain.backend})`}
          actions={
            <>
              {without}
              <UnlockButton />
            </>
          }
        >
          Outpost cannot read your sign-ins until it is unlocked.
        </Banner>
        {consent}
      </>
    )
  }
  if (keychain.kind === 'absent') {
    return (
      <>
        <Banner
          tone="warn"
          icon={<KeyRoundIcon />}
          title="The system keychain cannot be used"
          actions={without}
        >
          {keychain.reason}
        </Banner>
        {consent}
      </>
    )
  }
  return null
}

/** Asks the system to unlock; says so when it stayed locked. */
export function UnlockButton() {
  const unlock = useChange('keychain.unlock')
  const failed = unlock.error
    ? hasCode<'keychain.unlock'>(unlock.error, 'still_locked')
      ? 'Still locked'
      : errorWords(unlock.error).message
    : undefined
  return (
    <>
      {failed ? (
        <span role="alert" className="text-sm text-bad-fg">
          {failed}
        </span>
      ) : null}
      <Button
        variant="primary"
        icon={<KeyRoundIcon />}
        loading={unlock.isPending}
        onClick={() => unlock.mutate({})}
      >
        Unlock keychain
      </Button>
    </>
  )
}
