import { useApi } from '../../api/api-context.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

/** Asks for the weaker place for secrets, with what it means. */
export function MemoryConsent(props: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}) {
  const { client } = useApi()
  return (
    <ConfirmDialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title="Work without the keychain?"
      description={
        <>
          Your sign-ins then live in this app's memory only. When you quit, they are gone, and you sign in
          again the next time. Nothing is written to the disk.
        </>
      }
      confirmLabel="Keep them in memory"
      onConfirm={async () => {
        await client.call('keychain.useMemory', { consent: true })
      }}
    />
  )
}
