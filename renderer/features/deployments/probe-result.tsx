import { Notice } from '../../ui/notice.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { CheckIcon } from '../../ui/icons.tsx'
import { hostOf } from './sign-in-words.ts'
import type { Probe } from './use-probe.ts'

/** What answers at the address: version, and a warning when the way there is open. */
export function ProbeResult({ probe }: { readonly probe: Probe }) {
  const { found, isLooking } = probe
  if (isLooking) {
    return (
      <p role="status" className="mt-2 flex items-center gap-1.5 text-sm text-fg-3">
        <Spinner /> Looking for Coder there
      </p>
    )
  }
  if (!found) return null
  return (
    <div className="mt-2 flex flex-col gap-2">
      <p role="status" className="flex items-center gap-1.5 text-sm text-ok-fg">
        <CheckIcon className="size-3.5" /> Coder {found.version} at {hostOf(found.url)}
      </p>
      {found.insecure ? (
        <Notice tone="warn">
          The connection is not encrypted. Anyone on the way can read your token and everything you type.
        </Notice>
      ) : null}
      {found.tooOld === null ? null : <Notice tone="warn">{found.tooOld}</Notice>}
      {found.hasFirstUser ? null : (
        <Notice tone="info">
          Nobody has signed up on this server yet. Create the first user in the browser.
        </Notice>
      )}
    </div>
  )
}
