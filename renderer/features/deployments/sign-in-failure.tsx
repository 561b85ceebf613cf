import { useState } from 'react'
import { hasCode } from '../../api/bridge-error.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { MemoryConsent, UnlockButton } from '../keychain/index.ts'

/** What stopped a sign-in and is about no field. Where it is the keychain, the way on is here, so nothing typed is left. */
export function SignInFailure({ error, text }: { readonly error: unknown; readonly text: string }) {
  const [asking, setAsking] = useState(false)
  const isLocked = hasCode<'deployments.add'>(error, 'keychain_locked')
  const isAbsent = hasCode<'deployments.add'>(error, 'keychain_absent')
  return (
    <>
      <Notice
        tone="bad"
        actions={
          isLocked ? (
            <UnlockButton />
          ) : isAbsent ? (
            <Button onClick={() => setAsking(true)}>Work without it…</Button>
          ) : null
        }
      >
        {text}
      </Notice>
      <MemoryConsent open={asking} onOpenChange={setAsking} />
    </>
  )
}
